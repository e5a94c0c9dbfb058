/** The kinds of record that have an id outside. The prefix keeps an offer's id from being taken for a run's. */
const PREFIXES = {
  integration: 'int',
  offer: 'ofr',
  conversion: 'cnv',
  run: 'run',
  decision: 'dec',
  transaction: 'txn',
} as const;

export type PublicIdKind = keyof typeof PREFIXES;

const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Writes a row's number as the opaque id that callers see: `run_17`. */
export function toPublicId(kind: PublicIdKind, id: bigint): string {
  return `${PREFIXES[kind]}_${id}`;
}

/** Reads an opaque id back; null when it is not an id of this kind (to the caller: not found). */
export function fromPublicId(kind: PublicIdKind, text: string): bigint | null {
  const match = /^([a-z]{3})_([1-9]\d{0,18})$/.exec(text);
  if (!match || match[1] !== PREFIXES[kind]) return null;
  const id = BigInt(match[2] ?? '');
  return id <= MAX_BIGINT ? id : null;
}
