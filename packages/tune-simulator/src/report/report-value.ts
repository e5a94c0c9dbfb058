import { formatE5, parseE5 } from '../amounts.js';
import { STATUSES } from '../conversions/conversion.js';
import type { ConversionTable } from '../conversions/conversion-table.js';
import { TEXT_FIELD_OF } from '../conversions/text-fields.js';
import { formatDay, formatTime } from '../local-clock.js';
import { mix32 } from '../random.js';

/** The value of a report field in a row; `shift` moves times by whole seconds (`hour_offset`). */
export type ReportValue = (at: number, shift: number) => unknown;

/** "None" in its spellings (quirk 11), the same for the same row and field. */
function none(table: ConversionTable, at: number, salt: number): null | '' {
  return mix32(table.settings().seed + salt, at) % 3 === 0 ? null : '';
}

/** Plain amounts of several currencies are converted into the network's own (tune-api.md, section 3.10). */
export function convertAmount(table: ConversionTable, payout: bigint, currency: number): bigint {
  const settings = table.settings();
  if (currency === 0) return payout;
  const rate = parseE5(settings.rates[settings.currencies[currency] ?? ''] ?? '2.00000');
  return (payout * rate) / 100_000n;
}

/** What is multiplied for the amounts that are not the payout: the network's own income and the sale, both made up. */
const AMOUNTS: Readonly<Record<string, bigint>> = { payout: 100n, revenue: 125n, sale_amount: 1000n };

function amountIn(at: number, table: ConversionTable, name: string): bigint {
  return ((table.store.columns.payout[at] ?? 0n) * (AMOUNTS[name] ?? 100n)) / 100n;
}

export function isAmount(name: string): boolean {
  return name in AMOUNTS;
}

/** An amount in the conversion's own currency, for the column `payout@CUR`. */
export function ownAmount(at: number, table: ConversionTable, name: string): string {
  return formatE5(amountIn(at, table, name));
}

function statValue(table: ConversionTable, name: string): ReportValue {
  const { store } = table;
  const c = () => store.columns;
  const time = (at: number, shift: number) => (c().local[at] ?? 0) + shift;
  const settings = table.settings();
  switch (name) {
    case 'tune_event_id':
      return (at) => table.eventId(at);
    case 'id':
      return (at) => String(at + 73);
    case 'ad_id':
      return (at) => table.adId(at) ?? none(table, at, 1);
    case 'offer_id':
      // Some ids are numbers (quirk 10).
      return (at) => (at % 16 === 7 ? (c().offer[at] ?? 0) : String(c().offer[at]));
    case 'affiliate_id':
      return (at) => String(c().affiliate[at]);
    case 'goal_id':
      return (at) => String(c().goal[at]);
    case 'advertiser_id':
      return (at) => settings.offers.find(({ id }) => Number(id) === c().offer[at])?.advertiserId ?? '0';
    case 'datetime':
      return (at, shift) => formatTime(time(at, shift));
    case 'session_datetime':
      return (at, shift) => (table.adId(at) === null ? null : formatTime(time(at, shift) - 60 - (at % 5000)));
    case 'date':
      return (at, shift) => formatDay(time(at, shift));
    case 'hour':
      return (at, shift) => formatTime(time(at, shift)).slice(11, 13);
    case 'month':
      return (at, shift) => formatDay(time(at, shift)).slice(5, 7);
    case 'year':
      return (at, shift) => formatDay(time(at, shift)).slice(0, 4);
    case 'status':
      return (at) => STATUSES[c().status[at] ?? 0];
    case 'status_code':
      return (at) => String(c().statusCode[at]);
    case 'is_adjustment':
      return (at) => (((c().flags[at] ?? 0) & 1) === 1 ? '1' : at % 32 === 9 ? 0 : '0');
    case 'currency':
      return (at) => settings.currencies[c().currency[at] ?? 0];
    case 'payout':
    case 'revenue':
    case 'sale_amount':
      return (at) => formatE5(convertAmount(table, amountIn(at, table, name), c().currency[at] ?? 0));
    case 'approved_payout':
      return (at) =>
        formatE5(
          c().status[at] === 0 ? convertAmount(table, amountIn(at, table, 'payout'), c().currency[at] ?? 0) : 0n,
        );
    case 'payout_type':
    case 'revenue_type':
      return () => 'cpa_flat';
    case 'count':
      return () => '1';
    default:
      return (at) => none(table, at, name.length);
  }
}

function namedValue(table: ConversionTable, field: string): ReportValue {
  const settings = table.settings();
  const { columns } = table.store;
  const offerOf = (at: number) => settings.offers.find(({ id }) => Number(id) === columns.offer[at]);
  switch (field) {
    case 'Offer.name':
      return (at) => offerOf(at)?.name ?? null;
    case 'Goal.name':
      return (at) => offerOf(at)?.goals?.find(({ id }) => Number(id) === columns.goal[at])?.name ?? 'Default';
    case 'Affiliate.company':
      return (at) => settings.affiliates.find(({ id }) => Number(id) === columns.affiliate[at])?.company ?? null;
    case 'Advertiser.company':
      return (at) => settings.advertisers.find(({ id }) => id === offerOf(at)?.advertiserId)?.company ?? null;
    default:
      return (at) => none(table, at, field.length);
  }
}

/** How the values of one report field are found; made once per call, used for each of its rows. */
export function reportValue(table: ConversionTable, field: string): ReportValue {
  const text = TEXT_FIELD_OF.get(field);
  if (text !== undefined && text !== 'ad_id') {
    return (at) => table.store.text(at, text) ?? none(table, at, field.length);
  }
  return field.startsWith('Stat.') ? statValue(table, field.slice('Stat.'.length)) : namedValue(table, field);
}
