import type { PagingSettings } from './paging.js';

export interface GoalSpec {
  readonly id: string;
  readonly name: string;
  readonly payout: string;
}

export interface OfferSpec {
  readonly id: string;
  /** null: the network gave it none. */
  readonly name: string | null;
  /** active, paused, pending, expired or deleted; default active. */
  readonly status?: string;
  readonly payoutType?: 'cpa_flat' | 'cpa_percentage' | 'cpa_both' | 'cpc' | 'cpm';
  readonly defaultPayout?: string;
  readonly percentPayout?: string | null;
  /** null or absent: the network's default currency. */
  readonly currency?: string | null;
  readonly advertiserId?: string | null;
  readonly offerUrl?: string;
  readonly previewUrl?: string;
  /** Local to the network; default the zero date, and long ago for an expired offer. */
  readonly expirationDate?: string | null;
  /** As TUNE spells it; default "1" for an expired offer and for one whose expiration has come, else "0". */
  readonly isExpired?: string | number | boolean | null;
  readonly goals?: readonly GoalSpec[];
}

export interface AffiliateSpec {
  readonly id: string;
  readonly company?: string;
  /** active, pending, blocked, deleted; default active. */
  readonly status?: string;
}

export interface AdvertiserSpec {
  readonly id: string;
  readonly company: string;
}

export interface RateLimit {
  readonly calls: number;
  readonly windowMs: number;
}

/** What a simulated network is like. Only `id` and `token` must be given. */
export interface NetworkSpec {
  readonly id: string;
  readonly token: string;
  /** IANA name; default America/New_York. */
  readonly timeZone?: string;
  /** The first is the network's own; default USD alone. */
  readonly currencies?: readonly string[];
  /** Worth of one unit in the network's own currency, for plain `payout` (quirk 21); default made up and fixed. */
  readonly rates?: Readonly<Record<string, string>>;
  /** Default: affiliates 1002 and 1003. The first is whom conversions are planted for by default. */
  readonly affiliates?: readonly AffiliateSpec[];
  /** Default: four offers, one with goals, one paused, one deleted. */
  readonly offers?: readonly OfferSpec[];
  readonly advertisers?: readonly AdvertiserSpec[];
  /** Everything made up follows from it; default 1. */
  readonly seed?: number;
  /** Sliding window; default 50 calls in 10 s. null: no limit. */
  readonly rateLimit?: RateLimit | null;
  /** Larger limits are cut to it; default 50,000. */
  readonly maxLimit?: number;
  /** Rows of a report page when no limit is asked; default 50 (tune-api.md, section 3.3). */
  readonly defaultLimit?: number;
  /** Report fields that the network refuses (quirk 19), e.g. `ConversionsMobile.affiliate_unique1`. */
  readonly forbiddenFields?: readonly string[];
  /** When given, all other report fields are refused. */
  readonly allowedFields?: readonly string[];
  /** false: the caller's address is not white-listed. */
  readonly ipAllowed?: boolean;
  /** `Target::Method` → false: the network does not permit the call. */
  readonly capabilities?: Readonly<Record<string, boolean>>;
  /** Report filters that are accepted and not followed, e.g. `Stat.affiliate_id`. */
  readonly ignoredFilters?: readonly string[];
  /** `data_start`/`data_end` choose what is read (default), or are ignored (quirk 18). */
  readonly dataRangeFilters?: boolean;
  /** `every`: report rows come in all spellings that mean the same (quirks 10 and 11); default `plain`. */
  readonly spelling?: 'plain' | 'every';
  /** Lists say `count: null` and no `pageCount` (quirk 9). */
  readonly countless?: boolean;
  /** Event ids of conversions that cannot be loaded: the page of a report that holds one is refused (quirk 36). */
  readonly brokenRows?: readonly string[];
  /** `text`: counts are texts; `without_pages`: there is no `pageCount`; default `number`. */
  readonly countStyle?: PagingSettings['countStyle'];
  /** GET addresses that are longer are refused (quirk 26); default 8190 characters. */
  readonly maxUrlLength?: number;
  /** Every answer waits this long. */
  readonly latencyMs?: number;
}

export type NetworkSettings = Required<NetworkSpec>;

/** The settings that may change while the network runs. */
export type NetworkChange = Partial<
  Omit<NetworkSpec, 'id' | 'seed' | 'timeZone' | 'currencies' | 'offers' | 'affiliates' | 'advertisers'>
>;

const DEFAULT_RATES: Readonly<Record<string, string>> = {
  USD: '1.00000',
  EUR: '1.10000',
  GBP: '1.30000',
  CZK: '0.04350',
  JPY: '0.00670',
};

const DEFAULT_OFFERS: readonly OfferSpec[] = [
  { id: '11', name: 'Garden Box', defaultPayout: '12.50000', advertiserId: '500' },
  {
    id: '12',
    name: 'Night Bus – Signup & Sale',
    defaultPayout: '3.00000',
    advertiserId: '501',
    goals: [
      { id: '46', name: 'LEAD', payout: '3.00000' },
      { id: '47', name: 'SALE', payout: '21.75000' },
    ],
  },
  { id: '13', name: 'Slow Coffee', status: 'paused', payoutType: 'cpa_percentage', percentPayout: '10.50' },
  { id: '14', name: 'Old Shoes', status: 'deleted', defaultPayout: '900.00000', percentPayout: '90.00' },
];

/** Fills in what was not said. Throws RangeError for a spec that makes no sense. */
export function completeSpec(spec: NetworkSpec): NetworkSettings {
  const currencies = spec.currencies ?? ['USD'];
  if (!/^[a-z0-9][a-z0-9-]*$/.test(spec.id)) throw new RangeError(`Not a network id: ${spec.id}`);
  if (spec.token === '') throw new RangeError('A network needs a token');
  if (currencies.length === 0) throw new RangeError('A network needs a currency');
  const given = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
  return {
    timeZone: 'America/New_York',
    affiliates: [
      { id: '1002', company: 'Trackly' },
      { id: '1003', company: 'Somebody Else' },
    ],
    offers: DEFAULT_OFFERS,
    advertisers: [
      { id: '500', company: 'Garden & Sons' },
      { id: '501', company: 'Night Lines Ltd.' },
    ],
    seed: 1,
    rateLimit: { calls: 50, windowMs: 10_000 },
    maxLimit: 50_000,
    defaultLimit: 50,
    forbiddenFields: [],
    allowedFields: [],
    ipAllowed: true,
    capabilities: {},
    ignoredFilters: [],
    dataRangeFilters: true,
    spelling: 'plain',
    countless: false,
    brokenRows: [],
    countStyle: 'number',
    maxUrlLength: 8190,
    latencyMs: 0,
    ...(given as unknown as NetworkSpec),
    currencies,
    rates: { ...DEFAULT_RATES, ...spec.rates },
  };
}
