/** What is known of a catalogue that came as a whole. */
export interface WholeCatalogue {
  readonly isEmpty: boolean;
  /** Offers that were there before. */
  readonly offersBefore: number;
  readonly acceptEmpty: boolean;
}

/**
 * Whether a whole catalogue is believed. One that is empty although there were offers is `doubted`: keys lose their
 * permissions and networks their lists more often than every offer at once. A person's word makes it `certain`; any other
 * is taken `as_told`.
 */
export function judgeEmpty(catalogue: WholeCatalogue): 'as_told' | 'doubted' | 'certain' {
  if (!catalogue.isEmpty || catalogue.offersBefore === 0) return 'as_told';
  return catalogue.acceptEmpty ? 'certain' : 'doubted';
}
