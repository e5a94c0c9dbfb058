import { findOfferKey, listConversions, readLastConversionId, type ConversionFilter } from '@trackly-tune/database';
import { ATTRIBUTION_REASONS, fromPublicId, toPublicId } from '@trackly-tune/domain';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { format, wantsCsv } from '../../http/negotiate.js';
import { cutPage } from '../../http/paging.js';
import { EXPORT_TIMEOUT_MS, sendCsv, type CsvExport } from '../../http/send-csv.js';
import { requireOffer } from '../offers/require-offer.js';
import type { ApiPorts } from '../../ports.js';
import { readScope } from '../../http/resolve-scope.js';
import { day, errorAnswers, ownId, platformId, refineDays, wholeNumberText } from '../../http/schemas.js';
import { CONVERSION_COLUMNS, conversionAnswer, conversionCells, presentConversion } from './present-conversion.js';

const query = refineDays(
  z.strictObject({
    account_id: platformId.optional(),
    integration_id: ownId.optional(),
    attribution: z.enum(['click', 'message_id', 'none']).optional(),
    status: z.enum(['approved', 'pending', 'rejected']).optional(),
    from: day.optional(),
    to: day.optional(),
    offer_id: ownId.optional(),
    message_id: platformId.optional(),
    click_id: platformId.optional().meta({ description: 'The click that it is attributed by' }),
    ad_id: platformId.optional().meta({ description: "TUNE's transaction id" }),
    external_id: platformId.optional().meta({ description: "TUNE's own id of the conversion" }),
    reason: z
      .enum([...ATTRIBUTION_REASONS, 'not_decided_yet'])
      .optional()
      .meta({ description: 'Why it went where it went; `attribution.reason` of the answer' }),
    after: ownId.optional(),
    limit: wholeNumberText(1, 1000).optional().meta({ description: '100 without it; a CSV has every row without it' }),
    format,
  }),
);

const LIMIT_DEFAULT = 100;
const BATCH_ROWS_MAX = 1_000;

/** The cursor is the last conversion's id. */
function readCursor(ports: ApiPorts, after: string | undefined): bigint {
  if (after === undefined) return 0n;
  const id = fromPublicId('conversion', after);
  if (id === null) throw ports.invalid('after', 'must be a cursor that this list handed out');
  return id;
}

async function readFilter(
  ports: ApiPorts,
  request: FastifyRequest,
  asked: z.infer<typeof query>,
): Promise<ConversionFilter> {
  const { offer_id, attribution, status, from, to, reason } = asked;
  const { message_id: messageId, click_id: clickId, ad_id: adId, external_id: externalId } = asked;
  const scope = await readScope(ports, request, asked);
  const offer =
    offer_id === undefined
      ? undefined
      : await requireOffer(ports, request, offer_id, (id) => findOfferKey(ports.db, id));
  return { ...scope, attribution, status, from, to, offer, messageId, clickId, adId, externalId, reason };
}

/** Every conversion that was known at the start, in batches by cursor: no transaction stays open while it is read. */
async function exportConversions(
  ports: ApiPorts,
  filter: ConversionFilter,
  range: { after: bigint; rowsMax: number },
): Promise<CsvExport> {
  const through = await readLastConversionId(ports.db);
  async function* lines() {
    let { after, rowsMax: left } = range;
    while (left > 0) {
      const limit = Math.min(BATCH_ROWS_MAX, left);
      const rows = await listConversions(ports.db, filter, { after, through, limit });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(conversionCells);
      if (rows.length < limit) return;
      after = last.id;
      left -= rows.length;
    }
  }
  return { fileName: 'conversions.csv', columns: CONVERSION_COLUMNS, batches: lines() };
}

export function listConversionsRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/conversions',
      {
        config: { csv: true, csvColumns: CONVERSION_COLUMNS, answerHeaders: ['Content-Disposition'] },
        handlerTimeout: EXPORT_TIMEOUT_MS,
        schema: {
          operationId: 'listConversions',
          summary: 'Conversions, in the order in which they were first seen',
          description:
            'All filters can be combined. CSV (`format=csv` or `Accept: text/csv`) is every row as a stream; one that ' +
            'broke off is gone on with by `after` and the id of its last whole line.',
          tags: ['books'],
          querystring: query,
          response: {
            200: z
              .object({ data: z.array(conversionAnswer), next: z.string().nullable() })
              .meta({ description: 'Conversions; `next` is the `after` of the next page, null at the end' }),
            ...errorAnswers,
          },
        },
      },
      async (request, reply) => {
        const { after, limit, format: asked } = request.query;
        const position = readCursor(ports, after);
        const filter = await readFilter(ports, request, request.query);
        if (wantsCsv(request, asked)) {
          const range = { after: position, rowsMax: limit ?? Number.POSITIVE_INFINITY };
          return sendCsv(reply, ports.exportSlots, () => exportConversions(ports, filter, range));
        }
        const rowsMax = limit ?? LIMIT_DEFAULT;
        const rows = await listConversions(ports.db, filter, { after: position, limit: rowsMax + 1 });
        const { shown, next } = cutPage(rows, rowsMax, ({ id }) => toPublicId('conversion', id));
        return reply.send({ data: shown.map(presentConversion), next });
      },
    );
  };
}
