import { lookAtCatalogue, type DueSlice, type Tx } from '@trackly-tune/database';
import type { TakenPage } from '@trackly-tune/sync-engine';
import { CatalogueEmptyError } from '../catalogue-empty.js';
import { judgeEmpty } from '../domain/judge-empty.js';
import type { ReadCataloguePage } from '../domain/read-catalogue-page.js';

export interface JudgedPage {
  readonly verdict: TakenPage['verdict'];
  /** Why the catalogue is not taken for whole; null while it can be. */
  readonly error: Error | null;
  /** It is empty, and a person has said that this is right. */
  readonly certain: boolean;
}

/**
 * Judges a page of a catalogue once it is kept, in its transaction. A catalogue that is whole may still be one that
 * nobody should believe (product-rules.md, "A report must be whole").
 */
export async function judgeKept(
  tx: Tx,
  slice: DueSlice,
  { read, taken }: { readonly read: ReadCataloguePage; readonly taken: TakenPage },
): Promise<JudgedPage> {
  const { verdict, error } = taken;
  if (verdict !== 'whole' || read.offers.length > 0) return { verdict, error, certain: false };
  const look = await lookAtCatalogue(tx, slice);
  const judged = judgeEmpty(look);
  if (judged !== 'doubted') return { verdict, error, certain: judged === 'certain' };
  const { offersBefore } = look;
  const empty = new CatalogueEmptyError({ offersBefore, reading: slice.reading });
  return { verdict: 'incomplete', error: empty, certain: false };
}
