import { hash } from 'node:crypto';

/** JSON with the keys of every object in order and without blanks; undefined is left out. */
function canonicalJson(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object' || value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Readonly<Record<string, unknown>>;
  let json = '';
  for (const key of Object.keys(object).sort()) {
    if (object[key] === undefined) continue;
    json += `${json === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(object[key])}`;
  }
  return `{${json}}`;
}

/** A hash of what a value says, whatever the order of its keys. 16 bytes, as hex. */
export function contentHash(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex').slice(0, 32);
}
