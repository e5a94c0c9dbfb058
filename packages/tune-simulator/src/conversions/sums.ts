import { formatE5 } from '../amounts.js';
import { isTest, STATUSES } from './conversion.js';
import type { StoredRow } from './conversion-store.js';

/** Sums of some conversions in one currency: amounts exact, five decimals. */
export interface BookLine {
  readonly currency: string;
  /** Approved ones that are neither tests nor adjustments. */
  readonly conversions: number;
  /** Approved amounts, adjustments with their sign, no tests. */
  readonly revenue: string;
  readonly pending: string;
  readonly pendingConversions: number;
  readonly rejectedConversions: number;
  readonly tests: number;
  readonly adjustments: number;
}

export interface Sums {
  conversions: number;
  revenue: bigint;
  pending: bigint;
  pendingConversions: number;
  rejectedConversions: number;
  tests: number;
  adjustments: number;
}

export function createSums(): Sums {
  return {
    conversions: 0,
    revenue: 0n,
    pending: 0n,
    pendingConversions: 0,
    rejectedConversions: 0,
    tests: 0,
    adjustments: 0,
  };
}

/**
 * Approved counts, pending stands apart, rejected and tests are worth nothing, adjustments count with their sign but
 * are no conversions.
 */
export function enterRow(sums: Sums, row: Pick<StoredRow, 'status' | 'statusCode' | 'adjustment' | 'payout'>): void {
  const status = STATUSES[row.status];
  if (isTest(row.statusCode)) {
    sums.tests += 1;
  } else if (status === 'pending') {
    sums.pending += row.payout;
    sums.pendingConversions += 1;
  } else if (status === 'rejected') {
    sums.rejectedConversions += 1;
  } else {
    sums.revenue += row.payout;
    if (row.adjustment) sums.adjustments += 1;
    else sums.conversions += 1;
  }
}

export function addSums(to: Sums, sums: Sums): void {
  to.conversions += sums.conversions;
  to.revenue += sums.revenue;
  to.pending += sums.pending;
  to.pendingConversions += sums.pendingConversions;
  to.rejectedConversions += sums.rejectedConversions;
  to.tests += sums.tests;
  to.adjustments += sums.adjustments;
}

export function toLine(currency: string, sums: Sums): BookLine {
  return { currency, ...sums, revenue: formatE5(sums.revenue), pending: formatE5(sums.pending) };
}
