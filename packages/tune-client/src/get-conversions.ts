import type { Refusal } from './classify-refusal.js';
import { callNetwork, type CallCount, type Caller } from './call-network.js';
import { flattenRows } from './flatten-row.js';
import { readPage, requireAtMost } from './read-page.js';
import type { Answer } from './read-envelope.js';
import type { Params } from './send-request.js';
import { TuneError } from './tune-error.js';
import type { ConversionsQuery, ReportPage } from './types.js';

/** Without an order pages may overlap (tune-api.md, section 3.3). That the second field may be sorted by is not certain. */
const SORT_FIELDS = ['Stat.datetime', 'Stat.tune_event_id'];
const CALLS_MAX = 50;

/** Filters and both days: some networks look at one, some at the other (tune-api.md, section 3.1, quirk 18). */
function paramsOf(query: ConversionsQuery, optional: readonly string[], sortFields: readonly string[]): Params {
  return {
    fields: [...query.fields.required, ...optional],
    filters: {
      'Stat.datetime': { conditional: 'BETWEEN', values: [query.fromTime, query.toTime] },
      'Stat.affiliate_id': { conditional: 'EQUAL_TO', values: [query.affiliateId] },
    },
    data_start: query.fromTime.slice(0, 10),
    data_end: query.toTime.slice(0, 10),
    sort: Object.fromEntries(sortFields.map((field) => [field, 'asc'])),
    limit: query.limit,
    page: query.page,
  };
}

/** The asked fields that a refusal names, with or without their model. */
function named(refusal: Refusal, fields: readonly string[]): string[] {
  const names = refusal.fields.map((field) => field.toLowerCase());
  return fields.filter((field) => {
    const full = field.toLowerCase();
    return names.includes(full) || names.includes(full.slice(full.indexOf('.') + 1));
  });
}

function readReport(
  answer: Answer & { kind: 'data' },
  { page, limit }: Pick<ConversionsQuery, 'page' | 'limit'>,
): Omit<ReportPage, 'refusedFields' | 'apiCalls'> {
  const found = readPage(answer.data);
  requireAtMost(found, limit);
  const { entries, listed, pageCount, count, envelope } = found;
  const columns: unknown = envelope['currency_columns'];
  const names: unknown[] = typeof columns === 'object' && columns !== null ? Object.values(columns) : [];
  return {
    rows: flattenRows(entries.map(({ value }) => value)),
    listed,
    page,
    pageCount,
    count,
    currencyColumns: names.filter((column) => typeof column === 'string'),
  };
}

/**
 * One page of Report::getConversions (tune-api.md, section 3). A field that the network refuses fails the whole report
 * (quirk 19): an order by it is given up first, then the field itself where it is optional, and the report asked for
 * again; each time is a call of its own. A refused required field is `required_field_forbidden` and named. Rows come as
 * TUNE sent them: telling repeated ones apart is the caller's business.
 */
export async function getConversions(caller: Caller, query: ConversionsQuery): Promise<ReportPage> {
  const { sortFields } = caller.door().learnt;
  const count: CallCount = { calls: 0 };
  let optional = query.fields.optional.filter((field) => !query.fields.required.includes(field));
  const refusedFields: string[] = [];
  while (count.calls < CALLS_MAX) {
    const sort = SORT_FIELDS.filter((field) => !sortFields.has(field));
    const answer = await callNetwork(
      caller,
      { target: 'Report', method: 'getConversions', params: paramsOf(query, optional, sort), signal: query.signal },
      count,
    );
    if (answer.kind === 'data') {
      return { ...readReport(answer, query), refusedFields, apiCalls: count.calls };
    }
    const optionalNamed = named(answer, optional);
    const sortNamed = named(answer, sort);
    if (sortNamed.length > 0) {
      sortNamed.forEach((field) => sortFields.add(field));
    } else if (optionalNamed.length > 0) {
      optional = optional.filter((field) => !optionalNamed.includes(field));
      refusedFields.push(...optionalNamed);
    } else {
      const [required] = named(answer, query.fields.required);
      if (required === undefined) throw answer.error;
      throw new TuneError('required_field_forbidden', `The network does not allow the field ${required}`);
    }
  }
  throw new TuneError('tune_error', 'TUNE refuses one field after the other', { advice: 'never' });
}
