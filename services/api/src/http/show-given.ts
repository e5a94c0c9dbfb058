const SHOWN_CHARACTERS_MAX = 60;
/** Names of what is never said again, wherever it stands. */
const SECRET = /token|secret|password|api[-_]?key|authorization|encryption/i;

function textOf(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'a list' : 'an object';
    default:
      return null;
  }
}

/** A URL with a user in it: what stands before the @ may be a password. */
const WITH_CREDENTIALS = /:\/\/[^/\s]*@/;

/** The value at a path of what was sent; undefined where there is none. */
export function valueAt(sent: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = sent;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/**
 * ", not "5000"": what was given at a path, cut to a length, to stand behind what was expected; empty for what is not
 * there and for what is or may hold a secret.
 */
export function showGiven(sent: unknown, path: readonly PropertyKey[]): string {
  if (path.some((step) => SECRET.test(String(step)))) return '';
  const text = textOf(valueAt(sent, path));
  if (text === null || WITH_CREDENTIALS.test(text)) return '';
  return `, not ${text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`}`;
}
