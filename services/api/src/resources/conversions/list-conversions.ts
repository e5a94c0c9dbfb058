import {
  findOfferKey,
  listConversions,
  readLastConversionId,
  type ConversionFilter,
  type OfferKey,
} from '@trackly-tune/database';
import { fromPublicId, toPublicId } from '@trackly-tune/domain';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { format, wantsCsv } from '../../http/negotiate.js';
import { EXPORT_TIMEOUT_MS, sendCsv, type CsvExport } from '../../http/send-csv.js';
import type { ApiPorts } from '../../ports.js';
import { requireIntegration, requireOwnAccount } from '../../http/resolve-scope.js';
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
    after: ownId.optional(),
    limit: wholeNumberText(1, 1000).optional().meta({ description: '100 without it; a CSV has every row without it' }),
    format,
  }),
);

const LIMIT_DEFAULT = 100;
const BATCH_ROWS_MAX = 1_000;

async function requireOffer(ports: ApiPorts, request: FastifyRequest, id: string): Promise<OfferKey> {
  const offer = await findOfferKey(ports.db, ports.readId('offer', id));
  if (offer === null) throw ports.notFound('offer');
  requireOwnAccount(ports, request, offer.accountId, 'offer');
  return offer;
}

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
  const { account_id, integration_id, offer_id, attribution, status, from, to, message_id: messageId } = asked;
  if (account_id !== undefined) requireOwnAccount(ports, request, account_id, 'account');
  const integrationId =
    integration_id === undefined ? undefined : await requireIntegration(ports, request, { integration_id, account_id });
  const offer = offer_id === undefined ? undefined : await requireOffer(ports, request, offer_id);
  const accountId = account_id ?? ports.accountOfKey(request) ?? undefined;
  return { accountId, integrationId, attribution, status, from, to, offer, messageId };
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
        config: { csv: true },
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
            200: z.object({ data: z.array(conversionAnswer), next: z.string().nullable() }),
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
        // One more than asked for tells whether there is a next page.
        const rows = await listConversions(ports.db, filter, { after: position, limit: rowsMax + 1 });
        const shown = rows.slice(0, rowsMax);
        const last = shown.at(-1);
        return reply.send({
          data: shown.map(presentConversion),
          next: rows.length > rowsMax && last !== undefined ? toPublicId('conversion', last.id) : null,
        });
      },
    );
  };
}
