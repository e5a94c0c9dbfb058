import { formatAmountE5, parseSumE5 } from '@trackly-tune/domain';

/** What one side says of one key in one currency. */
export interface BookEntry {
  readonly key: string | null;
  readonly currency: string;
  readonly conversions: number;
  readonly revenue: string;
  readonly pending: string;
}

/** Both sides of one key in one currency, exact. */
export interface ComparedEntry {
  readonly key: string | null;
  readonly currency: string;
  readonly conversions: { readonly ours: number; readonly theirs: number };
  readonly revenue: { readonly ours: bigint; readonly theirs: bigint };
  readonly pending: { readonly ours: bigint; readonly theirs: bigint };
  readonly agrees: boolean;
}

interface Sums {
  conversions: number;
  revenue: bigint;
  pending: bigint;
}

const NOTHING: Sums = { conversions: 0, revenue: 0n, pending: 0n };

function amount(text: string): bigint {
  const units = parseSumE5(text);
  if (units === null) throw new Error(`Not an amount: ${JSON.stringify(text)}`);
  return units;
}

function sumUp(entries: readonly BookEntry[]): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { key, currency, conversions, revenue, pending } of entries) {
    const name = JSON.stringify([key, currency]);
    const sum = sums.get(name) ?? NOTHING;
    sums.set(name, {
      conversions: sum.conversions + conversions,
      revenue: sum.revenue + amount(revenue),
      pending: sum.pending + amount(pending),
    });
  }
  return sums;
}

/** Holds two books against each other, key by key and currency by currency; the largest revenue first. */
export function compareBooks(ours: readonly BookEntry[], theirs: readonly BookEntry[]): ComparedEntry[] {
  const [mine, other] = [sumUp(ours), sumUp(theirs)];
  const compared = [...new Set([...mine.keys(), ...other.keys()])].map((name): ComparedEntry => {
    const [key, currency] = JSON.parse(name) as [string | null, string];
    const [a, b] = [mine.get(name) ?? NOTHING, other.get(name) ?? NOTHING];
    return {
      key,
      currency,
      conversions: { ours: a.conversions, theirs: b.conversions },
      revenue: { ours: a.revenue, theirs: b.revenue },
      pending: { ours: a.pending, theirs: b.pending },
      agrees: a.conversions === b.conversions && a.revenue === b.revenue && a.pending === b.pending,
    };
  });
  const worth = ({ revenue }: ComparedEntry): bigint => revenue.ours + revenue.theirs;
  return compared
    .filter(({ conversions, revenue, pending, agrees }) => !agrees || conversions.ours || revenue.ours || pending.ours)
    .sort((a, b) => (worth(a) === worth(b) ? 0 : worth(a) < worth(b) ? 1 : -1));
}

/** `0.00` when both are the same to the last digit, else the exact difference. */
export function formatDifference(ours: bigint, theirs: bigint): string {
  return ours === theirs ? '0.00' : formatAmountE5(ours - theirs);
}
