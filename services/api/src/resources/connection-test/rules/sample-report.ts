import {
  CLICK_ID_LENGTH_MAX,
  filledText,
  ID_FIELDS,
  idOrNone,
  isTestConversion,
  MESSAGE_ID_FIELDS,
  MESSAGE_ID_PATTERN,
  reportFieldOf,
  REQUIRED_REPORT_FIELDS,
  storableRow,
  type IdField,
  type ReportRow,
} from '@trackly-tune/domain';

/** A recent conversion, by the ids that it carries. */
export interface SampledConversion {
  readonly ad_id: string | null;
  readonly ids: Readonly<Partial<Record<IdField, string>>>;
}

/** Enough to see what a field carries; 75 rows of 13 ids stay below a thousand look-ups. */
export const SAMPLE_ROWS_MAX = 75;

/** What a pull could not do without either (product-rules.md, "What a field is worth"), but for the configured id fields. */
export const SAMPLE_FIELDS = {
  required: REQUIRED_REPORT_FIELDS,
  // Optional, so that a network that forbids one still shows what the others carry.
  optional: ['Stat.status_code', ...ID_FIELDS.map(reportFieldOf)],
};

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The newest conversions of the affiliate in some rows of a report, tests left out. */
export function sampleReport(rows: readonly ReportRow[], affiliateId: string): SampledConversion[] {
  return rows
    .filter((row) => row['Stat.affiliate_id']?.trim() === affiliateId)
    .filter((row) => !isTestConversion({ status_code: row['Stat.status_code']?.trim() ?? null }))
    .toSorted((a, b) => compareTexts(b['Stat.datetime'] ?? '', a['Stat.datetime'] ?? ''))
    .slice(0, SAMPLE_ROWS_MAX)
    .map((sent) => {
      // As a pull reads it: what PostgreSQL cannot hold is no id that could be looked up there (quirk 33).
      const row = storableRow(sent);
      const ids = ID_FIELDS.flatMap((field) => {
        const value = filledText(row[reportFieldOf(field)]);
        return value === null ? [] : [[field, value] as const];
      });
      return { ad_id: idOrNone(row['Stat.ad_id']), ids: Object.fromEntries(ids) };
    });
}

/** Everything in a sample that could be a message id or a click id of the platform. */
export function idsToLookUp(sample: readonly SampledConversion[]): { messageIds: string[]; clickIds: string[] } {
  const messageIds = new Set<string>();
  const clickIds = new Set<string>();
  for (const { ad_id, ids } of sample) {
    for (const value of [ad_id, ...Object.values(ids)]) {
      if (value !== null && value.length <= CLICK_ID_LENGTH_MAX) clickIds.add(value);
    }
    for (const field of MESSAGE_ID_FIELDS) {
      const value = ids[field];
      if (value !== undefined && MESSAGE_ID_PATTERN.test(value)) messageIds.add(value);
    }
  }
  return { messageIds: [...messageIds].sort(), clickIds: [...clickIds].sort() };
}
