import type { ConversionFacts, ConversionStatus } from './conversion.js';
import { currencyCodeOf, isKnownCurrency } from './currency.js';
import { amountText, readAmountE5 } from './money.js';
import { filledText } from './read-id.js';
import { causeIn, type ReportRow, type UnreadableCause } from './report-row.js';

export interface MoneyContext {
  readonly defaultCurrency: string;
  /** True when the network is known to run several currencies: then plain `payout` is only a conversion. */
  readonly severalCurrencies: boolean;
}

type Money = Pick<ConversionFacts, 'payout' | 'currency' | 'payout_column'>;

const PLAIN = 'Stat.payout';
const OWN = 'Stat.payout@';

/** A `payout@CUR` column of a row. */
interface Column {
  readonly field: string;
  readonly currency: string;
  /** Null where it is empty. */
  readonly text: string | null;
}

function columnsOf(row: ReportRow): Column[] {
  return Object.keys(row)
    .filter((field) => field.startsWith(OWN))
    .map((field) => ({
      field,
      currency: currencyCodeOf(field.slice(OWN.length)) ?? '',
      text: filledText(row[field]),
    }));
}

/** A column that says zero says nothing of the currency; one that cannot be read may hold money. */
function holdsMoney({ text }: Column): boolean {
  return text !== null && readAmountE5(text) !== 0n;
}

/**
 * The column that the amount stands in, with its currency. `Stat.currency` says which; where it is empty, the one
 * column that is not zero does, and all zero is zero in the network's own currency (product-rules.md, "Amounts").
 */
function chooseColumn(
  row: ReportRow,
  columns: readonly Column[],
  context: MoneyContext,
): { currency: string; field: string } | UnreadableCause {
  const stated = currencyCodeOf(row['Stat.currency']);
  const filled = columns.filter(({ text }) => text !== null);
  const [first, second] = columns.filter(holdsMoney);
  if (stated === null) {
    if (second !== undefined) return causeIn(row, 'currency_ambiguous', 'Stat.currency');
    if (first !== undefined) {
      return isKnownCurrency(first.currency) ? first : causeIn(row, 'currency_unreadable', first.field);
    }
    const currency = context.defaultCurrency;
    if (!isKnownCurrency(currency)) return causeIn(row, 'currency_unreadable', 'Stat.currency');
    const zero = filled.find((column) => column.currency === currency) ?? filled[0];
    return { currency, field: zero?.field ?? PLAIN };
  }
  if (!isKnownCurrency(stated)) return causeIn(row, 'currency_unreadable', 'Stat.currency');
  const own = filled.find((column) => column.currency === stated);
  if (own !== undefined) return own;
  // Plain payout is an estimate in the network's currency then: right only where that is the row's own.
  const estimate = (context.severalCurrencies || columns.length > 0) && stated !== context.defaultCurrency;
  const field = estimate || first !== undefined ? `${OWN}${stated}` : PLAIN;
  return { currency: stated, field };
}

/**
 * The amount of a row in the conversion's own currency (product-rules.md, "Amounts"; quirk 21), or why there is none
 * that could be booked. A rejected conversion is worth nothing, so it needs no amount.
 */
export function readRowMoney(row: ReportRow, status: ConversionStatus, context: MoneyContext): Money | UnreadableCause {
  const columns = columnsOf(row);
  const chosen = chooseColumn(row, columns, context);
  if ('reason' in chosen) return chosen;
  const { currency, field } = chosen;
  const payout_column = field.slice('Stat.'.length);
  const text = filledText(row[field]);
  if (text === null) {
    if (status === 'rejected' && !columns.some(holdsMoney)) return { payout: null, currency, payout_column };
    return causeIn(row, field === PLAIN ? 'payout_missing' : 'currency_amount_missing', field);
  }
  const amount = readAmountE5(text);
  if (amount === 'too_large') return causeIn(row, 'payout_too_large', field);
  if (amount === 'unreadable') return causeIn(row, 'payout_unreadable', field);
  return { payout: amountText(text), currency, payout_column };
}
