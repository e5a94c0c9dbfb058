/** Blanks and line ends around an id are not part of it, wherever it comes from (product-rules.md, "Two passes"). */

/** The text without what stands around it; null, "" and blanks all mean "none" (quirk 11). */
export function filledText(value: string | null | undefined): string | null {
  const text = value?.trim() ?? '';
  return text === '' ? null : text;
}

/** An id of the network; "0" means "none" too (quirk 11). */
export function idOrNone(value: string | null | undefined): string | null {
  const text = filledText(value);
  return text === '0' ? null : text;
}
