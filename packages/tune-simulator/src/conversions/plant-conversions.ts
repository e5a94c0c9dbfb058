import { parseE5 } from '../amounts.js';
import { requireTime } from '../local-clock.js';
import type { OfferSpec } from '../network-spec.js';
import { createRandom, type Random } from '../random.js';
import { STATUSES, type Status } from './conversion.js';
import { usualStatusCode, type ConversionTable } from './conversion-table.js';
import type { SubIdField, TextField } from './text-fields.js';

/** Shares of all planted conversions, 0 to 1; what is left out does not occur. */
export interface PlantShares {
  readonly pending?: number;
  readonly rejected?: number;
  /** Employee, affiliate and debug tests, status codes 21–23. */
  readonly test?: number;
  /** Corrections with `is_adjustment`, half of them negative. */
  readonly adjustment?: number;
  readonly emptyAdId?: number;
  /** Another conversion of the click before it, with another goal where the offer has goals. */
  readonly sameClick?: number;
  /** Carries no message id and no click id. */
  readonly withoutIds?: number;
  /** Carries a value in the field of the message id that is nobody's message. */
  readonly foreignIds?: number;
  /** Their report rows lack or garble what the books need. */
  readonly unreadable?: number;
  /** Of the network's other affiliates, with the same kinds of ids. */
  readonly otherAffiliates?: number;
}

export interface PlantOptions {
  readonly count: number;
  /** Network-local days or times, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Default: the network's first affiliate. */
  readonly affiliateId?: string;
  /** Default: all offers of the network that are active. */
  readonly offerIds?: readonly string[];
  /** Default: the offer's own, else the network's first. */
  readonly currencies?: readonly string[];
  readonly messageIds?: readonly string[];
  /** Where the message id stands; default aff_sub. */
  readonly messageIdField?: SubIdField;
  /** Clicks with the message that each leads to. */
  readonly clicks?: readonly { readonly clickId: string; readonly messageId: string | null }[];
  /** Where the click id stands; default `affiliate_click_id`; `ad_id` for networks behind our own click ids. */
  readonly clickIdField?: TextField;
  /** Share of the conversions that come by a click when there are message ids as well; default 0.5. */
  readonly clickShare?: number;
  readonly shares?: PlantShares;
  /** Added by hand: `Conversion::findAddedConversions` tells of them. */
  readonly byHand?: boolean;
  /** Default: follows from the network's seed and from how many conversions it has. */
  readonly seed?: number;
}

export interface Planted {
  readonly count: number;
  /** Event ids rise by one from the first to the last; null when nothing was planted. */
  readonly firstEventId: string | null;
  readonly lastEventId: string | null;
}

/** Garbled rows, each in its own way. */
const GARBLED: readonly Readonly<Record<string, unknown>>[] = [
  { 'Stat.datetime': '0000-00-00 00:00:00' },
  { 'Stat.status': 'maybe' },
  { 'Stat.tune_event_id': null },
  { 'Stat.offer_id': '' },
];

const ODD_CENTS = ['0.00001', '0.33333', '0.99999', '0.10000'].map(parseE5);

function payoutOf(offer: OfferSpec, goal: number, random: Random): bigint {
  const own = offer.goals?.find(({ id }) => Number(id) === goal)?.payout ?? offer.defaultPayout ?? '1.00000';
  // Some payouts are custom (tune-api.md, section 4.5), with all five decimals in use.
  return parseE5(own) + (random.chance(0.25) ? random.pick(ODD_CENTS) : 0n);
}

function pickStatus(shares: PlantShares, random: Random): { status: Status; test: boolean; adjustment: boolean } {
  const adjustment = random.chance(shares.adjustment ?? 0);
  const test = !adjustment && random.chance(shares.test ?? 0);
  const roll = random.next();
  const pending = shares.pending ?? 0;
  const status = roll < pending ? 'pending' : roll < pending + (shares.rejected ?? 0) ? 'rejected' : 'approved';
  return { status, test, adjustment };
}

/**
 * Adds conversions at random times of a period, the same ones under the same seed. Message ids and clicks are taken in
 * turn. Throws RangeError for options that name what the network does not have.
 */
export function plantConversions(table: ConversionTable, options: PlantOptions): Planted {
  const settings = table.settings();
  const random = createRandom(options.seed ?? settings.seed * 7919 + table.store.size);
  const from = table.clock.toEpochMs(requireTime(options.from));
  const to = table.clock.toEpochMs(requireTime(options.to, 'end'));
  if (to < from) throw new RangeError('The period ends before it begins');
  const wanted = options.offerIds;
  const offers = settings.offers.filter(({ id, status = 'active' }) => wanted?.includes(id) ?? status === 'active');
  if (offers.length === 0) throw new RangeError('No such offer');
  const affiliate = options.affiliateId ?? settings.affiliates[0]?.id ?? '0';
  const others = settings.affiliates.map(({ id }) => id).filter((id) => id !== affiliate);
  const { shares = {}, messageIds = [], clicks = [] } = options;
  const clickShare = messageIds.length === 0 ? 1 : (options.clickShare ?? 0.5);
  const today = options.byHand === true ? Math.floor(table.localNow() / 86_400) : -1;
  const first = table.store.size;

  for (let n = 0; n < options.count; n++) {
    const before = n > 0 && random.chance(shares.sameClick ?? 0) ? table.store.get(first + n - 1) : null;
    const offer = offers.find(({ id }) => Number(id) === before?.offer) ?? random.pick(offers);
    const goals = [0, ...(offer.goals ?? []).map(({ id }) => Number(id))].filter((goal) => goal !== before?.goal);
    const goal = goals.length === 0 ? 0 : random.pick(goals);
    const { status, test, adjustment } = pickStatus(shares, random);
    const texts: Partial<Record<TextField | 'expected', string>> = {};
    if (before !== null) {
      const messageField = options.messageIdField ?? 'aff_sub';
      const clickField = options.clickIdField ?? 'affiliate_click_id';
      for (const field of ['ad_id', 'expected', messageField, clickField] as const) {
        const text = table.store.text(first + n - 1, field);
        if (text !== undefined) texts[field] = text;
      }
    } else if (!random.chance(shares.withoutIds ?? 0)) {
      Object.assign(texts, pickIds(n, random.chance(clickShare), random.chance(shares.foreignIds ?? 0)));
    }
    const emptyAdId = before === null && random.chance(shares.emptyAdId ?? 0);
    const amount = payoutOf(offer, goal, random);
    const currency = options.currencies === undefined ? (offer.currency ?? settings.currencies[0]) : null;
    const foreign = before === null && others.length > 0 && random.chance(shares.otherAffiliates ?? 0);
    const unreadable = random.chance(shares.unreadable ?? 0);
    const at = table.addRow(
      {
        local: table.clock.toLocal(from + Math.floor(random.next() * (to - from + 1000))),
        affiliate: before?.affiliate ?? Number(foreign ? random.pick(others) : affiliate),
        offer: Number(offer.id),
        goal,
        status: STATUSES.indexOf(status),
        statusCode: test ? 21 + random.int(3) : usualStatusCode(status, adjustment),
        adjustment,
        payout: adjustment && random.chance(0.5) ? -amount : amount,
        currency: table.currencyIndex(currency ?? random.pick(options.currencies ?? [])),
        click: before?.click ?? (emptyAdId || texts.ad_id !== undefined ? -1 : table.nextClick()),
        updatedDay: -1,
        addedDay: today,
        unreadable,
      },
      texts,
    );
    if (unreadable) table.store.setRaw(at, random.pick(GARBLED));
  }
  const count = table.store.size - first;
  return {
    count,
    firstEventId: count === 0 ? null : table.eventId(first),
    lastEventId: count === 0 ? null : table.eventId(table.store.size - 1),
  };

  function pickIds(n: number, byClick: boolean, foreignId: boolean): Partial<Record<TextField | 'expected', string>> {
    const messageField = options.messageIdField ?? 'aff_sub';
    if (foreignId) return { [messageField]: `x-${random.int(1_000_000)}` };
    const click = clicks.length > 0 && byClick ? clicks[n % clicks.length] : undefined;
    if (click !== undefined) {
      const expected = click.messageId === null ? {} : { expected: click.messageId };
      return { [options.clickIdField ?? 'affiliate_click_id']: click.clickId, ...expected };
    }
    const message = messageIds[n % Math.max(1, messageIds.length)];
    return message === undefined ? {} : { [messageField]: message, expected: message };
  }
}
