/** A run whose conversions are all stored, settled and numbered. */
export interface EndedRun {
  readonly kind: string;
  /** Rows that it read, and those of them that nobody could read. */
  readonly fetched: number;
  readonly rejected: number;
  /** Re-attributions: conversions that were decided again. */
  readonly done: number;
}

/** Says what a run did, and nothing that is not so: rows that could not be read are on no books. */
export function describeSuccess({ kind, fetched, rejected, done }: EndedRun): string {
  if (kind === 'reattribution') return `Run succeeded: ${done} conversions decided again, all on the books`;
  if (fetched === 0) return 'Run succeeded: the network shows no conversions';
  if (rejected === 0) return `Run succeeded: ${fetched} conversions read, all attributed and on the books`;
  const read = `${fetched - rejected} of ${fetched} rows read, attributed and on the books`;
  return `Run succeeded: ${read}; ${rejected} could not be read and are kept as rejected rows`;
}
