import { STATUSES } from '../conversions/conversion.js';
import type { ConversionTable } from '../conversions/conversion-table.js';
import { TEXT_FIELD_OF } from '../conversions/text-fields.js';

type Stat = Record<string, unknown>;

const NO: readonly unknown[] = ['0', 0, false, 'false', 'False', 'no', '', null];
const YES: readonly unknown[] = ['1', 1, true, 'true', 'TRUE', 'yes'];
const IDS = ['Stat.tune_event_id', 'Stat.offer_id', 'Stat.affiliate_id', 'Stat.goal_id', ...TEXT_FIELD_OF.keys()];
const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % list.length];

function padded(value: unknown, at: number): unknown {
  if (typeof value !== 'string' || value === '') return value;
  return pick([value, ` ${value}`, `${value}\r\n`, `\t${value} `], at);
}

/** Zeros behind the last digit say nothing; a rejected conversion needs no amount at all. */
function spellAmounts(stat: Stat, at: number, rejected: boolean): void {
  for (const name of Object.keys(stat).filter((one) => one === 'payout' || one.startsWith('payout@'))) {
    const value = stat[name];
    if (typeof value !== 'string' || value === '') continue;
    if (rejected && at % 2 === 0) stat[name] = pick(['', null, ' '], at);
    else if (at % 5 === 2) stat[name] = `${value}0`;
  }
}

/** In any case, with blanks, or not at all where the one column that is not zero says it. */
function spellCurrency(stat: Stat, at: number, own: string, currencies: readonly string[], payout: bigint): void {
  if (stat['currency'] === undefined) return;
  if (at % 4 === 1) stat['currency'] = ` ${own.toLowerCase()}\n`;
  if (at % 4 !== 2 || currencies.length === 1 || payout === 0n || stat['payout'] === undefined) return;
  stat['currency'] = pick(['', null], at);
  for (const other of currencies) if (other !== own) stat[`payout@${other}`] = '0.00000';
}

/**
 * Writes a report row in other spellings that mean the same: blanks and line ends around ids, booleans as words and
 * numbers (quirk 10), zeros that say nothing, currencies in any case or told by their columns alone. The same row is
 * always spelled the same.
 */
export function spellRow(row: Record<string, Stat>, at: number, table: ConversionTable): void {
  const { currencies } = table.settings();
  const { status, adjustment, currency, payout } = table.store.get(at);
  const own = currencies[currency] ?? '';
  const stat = row['Stat'] ?? {};
  if (stat['is_adjustment'] !== undefined) stat['is_adjustment'] = pick(adjustment ? YES : NO, at);
  if (typeof stat['status'] === 'string' && at % 6 === 1) stat['status'] = ` ${stat['status'].toUpperCase()}`;
  spellCurrency(stat, at, own, currencies, payout);
  spellAmounts(stat, at, STATUSES[status] === 'rejected');
  for (const [index, field] of IDS.entries()) {
    const [model = '', name = ''] = field.split('.');
    const target = row[model];
    if (target !== undefined && name in target) target[name] = padded(target[name], at + index);
  }
}
