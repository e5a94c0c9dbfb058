import type { OpenApiDocument, Schema } from './openapi-types.js';

const PREFIX = '#/components/schemas/';
const AS_INPUT = 'Input';

function collectRefs(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith(PREFIX)) found.add(inner.slice(PREFIX.length));
    else collectRefs(inner, found);
  }
}

/** Every schema that the paths of a document lead to. */
function usedSchemas({ paths, components }: OpenApiDocument): Set<string> {
  const used = new Set<string>(['Error']);
  collectRefs(paths, used);
  // A Set is walked to its end, also to what is added on the way.
  for (const name of used) collectRefs(components.schemas[name], used);
  return used;
}

/**
 * Leaves in a document the schemas that something leads to, each under one name: what is made for requests is called
 * `…Input` only where answers have the same thing in another form.
 */
export function nameComponents(document: OpenApiDocument): OpenApiDocument {
  const { schemas } = document.components;
  const used = usedSchemas(document);
  const same = (one: string, other: string): boolean => JSON.stringify(schemas[one]) === JSON.stringify(schemas[other]);
  const nameOf = (name: string): string => {
    const plain = name.slice(0, -AS_INPUT.length);
    const isForRequests = name.endsWith(AS_INPUT) && Object.hasOwn(schemas, plain);
    return isForRequests && (!used.has(plain) || same(name, plain)) ? plain : name;
  };
  const named: Record<string, Schema> = {};
  for (const name of [...used].sort()) named[nameOf(name)] = schemas[name] ?? {};
  return JSON.parse(
    JSON.stringify({ ...document, components: { ...document.components, schemas: named } }),
    (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' && value.startsWith(PREFIX)
        ? `${PREFIX}${nameOf(value.slice(PREFIX.length))}`
        : value,
  ) as OpenApiDocument;
}
