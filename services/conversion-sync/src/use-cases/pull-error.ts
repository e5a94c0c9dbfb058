/** A pull that cannot go on for a reason of its own (TUNE's own failures are TuneErrors). */
export class PullError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly advice: 'retry' | 'never' = 'never',
  ) {
    super(message);
    this.name = 'PullError';
  }
}
