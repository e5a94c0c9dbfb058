import { formatE5 } from '../amounts.js';
import { requireTime } from '../local-clock.js';
import { createRandom } from '../random.js';
import { STATUSES, type ConversionChange } from './conversion.js';
import type { ConversionTable } from './conversion-table.js';

export type ChangeKind = 'approve' | 'reject' | 'pend' | 'payout' | 'currency';

export interface ChangeOptions {
  readonly count: number;
  /** Network-local days or times of the conversions; default all. */
  readonly from?: string;
  readonly to?: string;
  readonly affiliateId?: string;
  /** Picked at random; default all but `currency`. */
  readonly kinds?: readonly ChangeKind[];
  readonly seed?: number;
}

/** Changes random conversions as managers do later; returns the event ids. The same under the same seed. */
export function changeConversions(table: ConversionTable, options: ChangeOptions): string[] {
  const { store } = table;
  const settings = table.settings();
  const from = options.from === undefined ? -Infinity : requireTime(options.from);
  const to = options.to === undefined ? Infinity : requireTime(options.to, 'end');
  const candidates: number[] = [];
  for (let at = 0; at < store.size; at++) {
    const { local, affiliate } = store.columns;
    if ((local[at] ?? 0) < from || (local[at] ?? 0) > to) continue;
    if (options.affiliateId === undefined || affiliate[at] === Number(options.affiliateId)) candidates.push(at);
  }
  const random = createRandom(options.seed ?? settings.seed * 104_729 + store.version);
  const changed: string[] = [];
  while (changed.length < options.count && candidates.length > 0) {
    const index = random.int(candidates.length);
    const at = candidates[index] ?? 0;
    candidates[index] = candidates.at(-1) ?? 0;
    candidates.pop();
    table.change(table.eventId(at), makeChange(at));
    changed.push(table.eventId(at));
  }
  return changed;

  function makeChange(at: number): ConversionChange {
    const kind = random.pick<ChangeKind>(options.kinds ?? ['approve', 'reject', 'pend', 'payout']);
    switch (kind) {
      case 'approve':
        return { status: STATUSES[0] };
      case 'pend':
        return { status: STATUSES[1] };
      case 'reject':
        return { status: STATUSES[2] };
      case 'payout':
        return { payout: formatE5((store.columns.payout[at] ?? 0n) + BigInt(1 + random.int(500_000))) };
      case 'currency':
        return { currency: random.pick(settings.currencies) };
    }
  }
}
