/** Parameters of a call as PHP would nest them: texts, lists and maps. */
export type Parameter = string | readonly Parameter[] | { readonly [name: string]: Parameter };
export type Parameters = Readonly<Record<string, Parameter | undefined>>;

export function textOf(parameter: Parameter | undefined): string | null {
  return typeof parameter === 'string' ? parameter : null;
}

/** `a[]=x`, `a[0]=x` and `a=x` are all lists of texts. */
export function textsOf(parameter: Parameter | undefined): string[] {
  if (parameter === undefined) return [];
  if (typeof parameter === 'string') return [parameter];
  return Object.values(parameter).filter((value): value is string => typeof value === 'string');
}

/** The entries of a map, in the order sent. */
export function entriesOf(parameter: Parameter | undefined): [string, Parameter][] {
  return parameter === undefined || typeof parameter === 'string' ? [] : Object.entries(parameter);
}

/** A whole number from 1, or null when it is not sent or makes no sense. */
export function countOf(parameter: Parameter | undefined): number | null {
  const text = textOf(parameter);
  return text !== null && /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}
