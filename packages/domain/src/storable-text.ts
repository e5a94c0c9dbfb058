/** PostgreSQL's text and jsonb hold neither NUL nor lone surrogates; names in TUNE can (quirk 33). */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}

const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

function isStorable(row: Readonly<Record<string, string | null>>): boolean {
  for (const key of Object.keys(row)) {
    const value = row[key] ?? '';
    if (!isStorableText(key) || !isStorableText(value)) return false;
  }
  return true;
}

/** The same for every value of a flat row; one that can be stored already, as nearly all, comes back as it is. */
export function storableRow<T extends Readonly<Record<string, string | null>>>(row: T): T {
  if (isStorable(row)) return row;
  const clean = Object.entries(row).map(([key, value]) => [
    storableText(key),
    value === null ? null : storableText(value),
  ]);
  return Object.fromEntries(clean) as T;
}
