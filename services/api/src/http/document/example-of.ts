import type { OpenApiDocument, Schema } from './openapi-types.js';
import { SAMPLE_VALUES } from './sample-values.js';

/** What a field holds in examples: by its component and name, else by its name; undefined where neither is known. */
function sampleOf(component: string, name: string): unknown {
  const own = `${component}.${name}`;
  if (Object.hasOwn(SAMPLE_VALUES, own)) return SAMPLE_VALUES[own];
  return Object.hasOwn(SAMPLE_VALUES, name) ? SAMPLE_VALUES[name] : undefined;
}

const isNull = ({ type }: Schema): boolean => type === 'null';

/** A value that a schema allows: samples by the names of fields, else the first that fits. Optional fields are left out. */
export function exampleOf(document: OpenApiDocument, schema: Schema, component = ''): unknown {
  const { $ref, examples, anyOf, type } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    const found = document.components.schemas[name];
    if (found === undefined) throw new Error(`The document has no ${$ref}`);
    return exampleOf(document, found, name);
  }
  if (examples !== undefined) return examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (anyOf !== undefined) return exampleOf(document, anyOf.find((one) => !isNull(one)) ?? {}, component);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, field]) => [name, fieldExample(document, field, component, name)]),
      );
    case 'array':
      return [exampleOf(document, schema.items ?? {}, component)];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    default:
      return textOf(schema);
  }
}

function fieldExample(document: OpenApiDocument, field: Schema, component: string, name: string): unknown {
  const sample = sampleOf(component, name);
  return sample === undefined ? exampleOf(document, field, component) : sample;
}

function textOf({ format }: Schema): string {
  if (format === 'date') return '2026-03-14';
  return format === 'date-time' ? '2026-03-14T09:26:53.589Z' : 'text';
}

/** An error answer as its description names it: with the code that stands first in it. */
export function errorExample(description: string): { error: string; code: string } {
  const [, code = 'invalid_request'] = /`([a-z_]+)`/.exec(description) ?? [];
  const error = SAMPLE_VALUES[`Error.${code}`];
  return { error: typeof error === 'string' ? error : `What is wrong, and what to do (${code})`, code };
}
