import { acceptedDelivery, refusedDelivery, type PostbackDelivery } from '@trackly-tune/database';
import {
  codeOf,
  filledText,
  fromPublicId,
  keepableParameters,
  type PostbackParameters,
  readPostback,
} from '@trackly-tune/domain';
import { isEverybodys } from '@trackly-tune/service-stores';
import { ApiError } from '../../../http/api-error.js';
import { batchCalls, TooManyWaitingError } from './batch-calls.js';
import type { OfferDirectory } from './offer-directory.js';
import type { RefusalCounts } from './refusal-counts.js';

export interface PostbackDesk {
  /**
   * Takes one delivery. Resolves when it is durable in PostgreSQL; throws the ApiError of a refusal (401, 404, 422,
   * 503) and what PostgreSQL throws while it is away.
   */
  take(parameters: PostbackParameters): Promise<'accepted' | 'duplicate'>;
  /** Counts a delivery that could not even be read, so that nobody knows of which offer it is. */
  countUnread(code: string): void;
}

export interface DeskParts {
  /** Makes deliveries durable, many with one commit, and tells in the order given which said something new. */
  readonly store: (deliveries: readonly PostbackDelivery[]) => Promise<boolean[]>;
  readonly directory: OfferDirectory;
  readonly counts: RefusalCounts;
  /** Called after a commit that brought something new. */
  readonly onStored: () => void;
}

const DELIVERIES_PER_COMMIT_MAX = 500;
/** A few seconds of what one process can commit; beyond, the sender is told to come back. */
const DELIVERIES_WAITING_MAX = 10_000;
const DEADLOCK = '40P01';

function overloaded(): ApiError {
  return new ApiError(503, 'overloaded', 'Too many postbacks at once; try again', { headers: { 'retry-after': '1' } });
}

function textOf(value: string | readonly string[] | null | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Takes postbacks in: judged one by one, written together (law 5: acknowledged after the write). */
export function openPostbackDesk({ store, directory, counts, onStored }: DeskParts): PostbackDesk {
  async function write(batch: readonly PostbackDelivery[]): Promise<boolean[]> {
    const stored = await store(batch).catch((error: unknown) => {
      // Another process wrote some of the same deliveries at once: the second time it has finished.
      if (codeOf(error) === DEADLOCK) return store(batch);
      throw error;
    });
    if (stored.some((isNew, index) => isNew && batch[index]?.refusal === null)) onStored();
    return stored;
  }

  const keep = batchCalls({
    run: write,
    isEverybodys,
    batchMax: DELIVERIES_PER_COMMIT_MAX,
    waitingMax: DELIVERIES_WAITING_MAX,
  });

  async function judgeAndStore(parameters: PostbackParameters): Promise<'accepted' | 'duplicate'> {
    const offerId = fromPublicId('offer', filledText(textOf(parameters['offer_id'])) ?? '');
    const admission =
      offerId === null
        ? ({ kind: 'unknown_offer' } as const)
        : await directory.admit(offerId, textOf(parameters['postback_secret']));
    if (admission.kind === 'unknown_offer') {
      counts.add(null, 'offer_not_found');
      throw new ApiError(404, 'offer_not_found', 'There is no such offer');
    }
    if (admission.kind === 'wrong_secret') {
      counts.add(offerId, 'secret_wrong');
      throw new ApiError(401, 'secret_wrong', 'postback_secret is missing or is not one of this offer');
    }
    const { offer } = admission;
    const read = readPostback(parameters, offer.affiliateId);
    if (!read.ok) {
      await keep(refusedDelivery(offer.offerId, keepableParameters(parameters), read.refusal));
      throw new ApiError(422, read.refusal.code, read.refusal.reason);
    }
    if (await keep(acceptedDelivery(offer.offerId, read.said))) return 'accepted';
    counts.add(offer.offerId, 'duplicate');
    return 'duplicate';
  }

  return {
    countUnread: (code) => counts.add(null, code),
    async take(parameters) {
      try {
        return await judgeAndStore(parameters);
      } catch (error) {
        throw error instanceof TooManyWaitingError ? overloaded() : error;
      }
    },
  };
}
