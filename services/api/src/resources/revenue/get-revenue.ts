import {
  AsOfAheadError,
  readCompleteThrough,
  readRevenue,
  REVENUE_GROUPINGS,
  REVENUE_SORTS,
  streamRevenue,
  type AsOf,
  type RevenueFilter,
  type RevenueGrouping,
} from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { parseAsOf } from './parse-as-of.js';
import { format, wantsCsv } from '../../http/negotiate.js';
import { pageOf, paginationAnswer } from '../../http/paging.js';
import { EXPORT_TIMEOUT_MS, sendCsv, type CsvExport } from '../../http/send-csv.js';
import type { ApiPorts } from '../../ports.js';
import { requireScope } from '../../http/resolve-scope.js';
import {
  day,
  errorAnswers,
  ownId,
  page,
  perPage,
  platformId,
  refineDays,
  refineScope,
  time,
} from '../../http/schemas.js';
import { presentRevenueRow, revenueCells, revenueColumns, revenueRowAnswer } from './present-revenue-row.js';

const BATCH_ROWS_MAX = 1_000;

function readGroupings(text: string): RevenueGrouping[] | null {
  const named = text.split(',').map((name) => REVENUE_GROUPINGS.find((grouping) => grouping === name));
  const found = named.filter((grouping) => grouping !== undefined);
  const fits = found.length === named.length && found.length <= 2 && new Set(found).size === found.length;
  return fits ? found : null;
}

/** Everything that `group_by` takes: one grouping, or two different ones in either order. */
const GROUPS = [
  ...REVENUE_GROUPINGS,
  ...REVENUE_GROUPINGS.flatMap((first) =>
    REVENUE_GROUPINGS.filter((second) => second !== first).map((second) => `${first},${second}`),
  ),
];

const groupBy = z
  .string()
  .refine(
    (text) => readGroupings(text) !== null,
    `must be one of ${REVENUE_GROUPINGS.join(', ')}, or two different ones with a comma`,
  )
  .meta({ description: 'One grouping, or two of them, e.g. `day,offer`', enum: GROUPS, examples: ['message'] });

const query = refineDays(
  refineScope(
    z.strictObject({
      account_id: platformId.optional(),
      integration_id: ownId.optional(),
      group_by: groupBy,
      format,
      from: day.optional(),
      to: day.optional(),
      as_of: z
        .string()
        .refine((text) => parseAsOf(text) !== null, 'must be a sequence number or an ISO 8601 time with Z or an offset')
        .optional(),
      sort: z.enum(REVENUE_SORTS).default('key').meta({
        description: '`-revenue` and `-conversions`: the highest first, amounts as they are, whatever their currency',
      }),
      page,
      per_page: perPage,
    }),
  ),
);

const answer = z
  .object({
    data: z.array(revenueRowAnswer),
    pagination: paginationAnswer,
    as_of_seq: z.number().int().meta({ description: 'Ask for the next page with as_of set to this number' }),
    complete_through: time.nullable().meta({
      description:
        'Up to when every integration in it has been pulled without a gap; null where one never was. Deleted ones are left out',
    }),
  })
  .meta({ id: 'Revenue' });

async function askBooks<T>(ports: ApiPorts, asked: Promise<T>): Promise<T> {
  return asked.catch((error: unknown) => {
    throw error instanceof AsOfAheadError ? ports.invalid('as_of', error.message) : error;
  });
}

async function readFilter(
  ports: ApiPorts,
  request: FastifyRequest,
  asked: z.infer<typeof query>,
): Promise<RevenueFilter> {
  const asOf: AsOf = asked.as_of === undefined ? 'latest' : (parseAsOf(asked.as_of) ?? 'latest');
  const scope = await requireScope(ports, request, asked);
  return {
    scope,
    groupBy: readGroupings(asked.group_by) ?? [],
    from: asked.from,
    to: asked.to,
    asOf,
    sort: asked.sort,
  };
}

/** Every row as of one number of the books, which stands in a header: memory holds one batch. */
async function exportRevenue(ports: ApiPorts, filter: RevenueFilter): Promise<CsvExport> {
  const stream = await askBooks(ports, streamRevenue(ports.db, filter, { batchRowsMax: BATCH_ROWS_MAX }));
  async function* lines() {
    for await (const rows of stream.batches) yield rows.map((row) => revenueCells(filter.groupBy, row));
  }
  return {
    fileName: 'revenue.csv',
    columns: revenueColumns(filter.groupBy),
    batches: lines(),
    headers: { 'x-as-of-seq': stream.asOfSeq.toString() },
    close: () => stream.close(),
  };
}

export function getRevenue(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/revenue',
      {
        config: {
          csv: true,
          csvColumns: revenueColumns(['offer']),
          answerHeaders: ['Content-Disposition', 'X-As-Of-Seq'],
        },
        handlerTimeout: EXPORT_TIMEOUT_MS,
        schema: {
          operationId: 'getRevenue',
          summary: 'Sums of the books, now or as of a moment or a sequence number',
          description:
            'With two groupings a row is one pair, with `keys` beside `key`. CSV (`format=csv` or `Accept: text/csv`) ' +
            'is the whole answer as a stream, without pages, as of the number in the header X-As-Of-Seq.',
          tags: ['books'],
          querystring: query,
          response: { 200: answer.meta({ description: 'A row for each key and currency' }), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const { page: number, per_page: perPage, format: asked } = request.query;
        const filter = await readFilter(ports, request, request.query);
        if (wantsCsv(request, asked)) {
          return sendCsv(reply, ports.exportSlots, () => exportRevenue(ports, filter));
        }
        const found = await askBooks(ports, readRevenue(ports.db, { ...filter, page: number, perPage }));
        return reply.send({
          data: found.rows.map((row) => presentRevenueRow(filter.groupBy, row)),
          pagination: pageOf(request.query).pagination(found.total),
          as_of_seq: Number(found.asOfSeq),
          complete_through: (await readCompleteThrough(ports.db, filter.scope))?.toISOString() ?? null,
        });
      },
    );
  };
}
