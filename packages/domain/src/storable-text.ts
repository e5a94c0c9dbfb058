/** PostgreSQL's text and jsonb hold neither NUL nor lone surrogates; names in TUNE can (quirk 33). */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}

/** The same for every value of a flat row. */
export function storableRow<T extends Readonly<Record<string, string | null>>>(row: T): T {
  const clean = Object.entries(row).map(([key, value]) => [
    storableText(key),
    value === null ? null : storableText(value),
  ]);
  return Object.fromEntries(clean) as T;
}
