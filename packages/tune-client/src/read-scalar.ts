export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** PHP writes an empty map as `[]` (quirk 5); null and "" mean the same (quirk 6). */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** What is nested thousands of levels deep cannot be written. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '[too deep]';
  }
}

/** A scalar as text: true and false are "1" and "0" (quirk 10), what is nested is kept as JSON, nothing is null. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return isEmpty(value) ? null : jsonOf(value);
}

/** A text unless it means "none" (quirk 11: null, "", blanks). The text itself is unchanged. */
export function filledText(value: unknown): string | null {
  const text = typeof value === 'object' ? null : textOf(value);
  return text === null || text.trim() === '' ? null : text;
}

/** An id: like a text, but "0" means "none" too (quirk 11). */
export function filledId(value: unknown): string | null {
  const text = filledText(value)?.trim() ?? null;
  return text === '0' ? null : text;
}

const COUNT_MAX = 1_000_000_000;

/** `count`, `pageCount`: number, text, or null when absent or nonsense (quirk 9). */
export function countOf(value: unknown): number | null {
  const text = textOf(value);
  if (text === null || !/^\d{1,10}$/.test(text)) return null;
  const count = Number(text);
  return count <= COUNT_MAX ? count : null;
}
