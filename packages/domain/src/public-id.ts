/** The kinds of record that have an id outside. The prefix keeps an offer's id from being taken for a run's. */
const PREFIXES = {
  integration: 'int',
  offer: 'ofr',
  conversion: 'cnv',
  run: 'run',
  transaction: 'txn',
} as const;

export type PublicIdKind = keyof typeof PREFIXES;

/** An id as it is written outside: in answers, logs, job payloads, metrics and texts alike. */
export type PublicId<Kind extends PublicIdKind = PublicIdKind> = {
  [One in Kind]: `${(typeof PREFIXES)[One]}_${string}`;
}[Kind];

/** The fields by which logs and contexts name records; a row's number in their place does not compile. */
export type PublicIdFields = { readonly [Kind in PublicIdKind as `${Kind}_id`]?: PublicId<Kind> | null };

const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Writes a row's number as the opaque id that callers see: `run_17`. */
export function toPublicId<Kind extends PublicIdKind>(kind: Kind, id: bigint): PublicId<Kind> {
  return `${PREFIXES[kind]}_${id}` as PublicId<Kind>;
}

/** The id of a decision, which is known by its conversion and its number there: `dec_17_2`. */
export function decisionId(conversionId: bigint, no: number): string {
  return `dec_${conversionId}_${no}`;
}

/** Reads an opaque id back; null when it is not an id of this kind (to the caller: not found). */
export function fromPublicId(kind: PublicIdKind, text: string): bigint | null {
  const match = /^([a-z]{3})_([1-9]\d{0,18})$/.exec(text);
  if (!match || match[1] !== PREFIXES[kind]) return null;
  const id = BigInt(match[2] ?? '');
  return id <= MAX_BIGINT ? id : null;
}

/** The row's number behind an id of this kind. Throws RangeError for a text that is none after all. */
export function rowIdOf<Kind extends PublicIdKind>(kind: Kind, id: PublicId<Kind>): bigint {
  const rowId = fromPublicId(kind, id);
  if (rowId === null) throw new RangeError(`Not the id of a record of the kind ${kind}`);
  return rowId;
}
