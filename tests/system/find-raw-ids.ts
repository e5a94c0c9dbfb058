/** Kinds of record that have an id outside (`int_6`), by which they are named everywhere. */
const KINDS = 'integration|run|offer|conversion|decision|transaction';
const ID_FIELD = new RegExp(`^(?:${KINDS})(?:_id|Id)s?$`);
const RAW = [
  // A label of a metric, a field of JSON inside another text, a name made with an id, a sentence.
  new RegExp(`\\b(?:${KINDS})(?:_id|Id)\\\\*["']?\\s*[=:]\\s*\\\\*["']?\\d`),
  /\bscheduled-(?:pull|offer-sync)-\d/,
  // Offers have a number in the network too, which is told to people.
  /\b(?:integration|run|conversion|decision|transaction) #?\d+\b/i,
];

function holdsRawId(value: unknown, field = ''): boolean {
  if (Array.isArray(value)) return value.some((one) => holdsRawId(one, field));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).some(([name, inner]) => holdsRawId(inner, name));
  }
  return ID_FIELD.test(field) && /^\d+$/.test(String(value));
}

/** Texts that name a record by its row's number, in a field of JSON, in a label or in words. */
export function findRawIds(texts: readonly string[]): string[] {
  return texts
    .filter((text) => {
      if (RAW.some((pattern) => pattern.test(text))) return true;
      try {
        return holdsRawId(JSON.parse(text));
      } catch {
        return false;
      }
    })
    .map((text) => text.slice(0, 300));
}
