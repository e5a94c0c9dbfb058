import { addDays, dayOf } from '@trackly-tune/domain';
import { TuneError, type ReportPage, type TuneClient } from '@trackly-tune/tune-client';
import { SAMPLE_FIELDS, sampleReport, type SampledConversion } from '../rules/sample-report.js';
import type { Attempted, Attempts } from './attempt-call.js';

export interface RecentReport {
  readonly sample: readonly SampledConversion[];
  readonly refusedFields: readonly string[];
}

/** Few days first, which a busy network answers quickly; then more, for a quiet one. */
const DAYS_BACK = [3, 30] as const;
const PAGE_ROWS_MAX = 500;

/** Rows that hold no field of a conversion are kept as rejected rows by a pull; here they show that no pull could work. */
function requireReadable(page: ReportPage): ReportPage {
  const isReadable = page.rows.some((row) => Object.keys(row).some((field) => field.startsWith('Stat.')));
  if (page.rows.length === 0 || isReadable) return page;
  throw new TuneError('unexpected_answer', "TUNE's report holds rows, but nothing of a conversion in them");
}

async function readPage(
  client: TuneClient,
  query: { affiliateId: string; now: Date; daysBack: number },
  signal: AbortSignal,
): Promise<ReportPage> {
  // Days of UTC, a day wider at the end: the network's zone may not be known, and does not matter here.
  const today = dayOf(query.now, 'UTC');
  const page = await client.getConversions({
    affiliateId: query.affiliateId,
    fromTime: `${addDays(today, -query.daysBack)} 00:00:00`,
    toTime: `${addDays(today, 1)} 23:59:59`,
    page: 1,
    limit: PAGE_ROWS_MAX,
    fields: SAMPLE_FIELDS,
    signal,
  });
  return requireReadable(page);
}

/** Recent conversions of an affiliate, with at most two pages asked for. Fails only when no page could be read. */
export async function readRecentReport(
  client: TuneClient,
  attempts: Attempts,
  query: { affiliateId: string; now: Date },
): Promise<Attempted<RecentReport>> {
  let report: RecentReport | null = null;
  for (const daysBack of DAYS_BACK) {
    const page = await attempts.call((signal) => readPage(client, { ...query, daysBack }, signal));
    if (!page.ok) return report === null ? page : { ok: true, value: report };
    report = { sample: sampleReport(page.value.rows, query.affiliateId), refusedFields: page.value.refusedFields };
    if (report.sample.length > 0) break;
  }
  return { ok: true, value: report ?? { sample: [], refusedFields: [] } };
}
