import { storeClicks, type ClickFact } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { judgeRecords } from './judge-records.js';
import { refuseFuture } from './rules/refuse-future.js';
import type { ApiPorts } from '../../ports.js';
import { errorAnswers, messageId, moment, platformId } from '../../http/schemas.js';
import { bulkAnswer, bulkEnvelope, takeBulk } from './take-bulk.js';

const clickRecord = z.strictObject({
  account_id: platformId,
  click_id: platformId,
  message_id: messageId,
  offer_id: platformId.nullish(),
  clicked_at: moment,
  is_bot: z.boolean().nullish(),
});

function toFact(record: z.infer<typeof clickRecord>): ClickFact {
  return {
    accountId: record.account_id,
    clickId: record.click_id,
    messageId: record.message_id,
    offerId: record.offer_id ?? null,
    clickedAt: new Date(record.clicked_at),
    isBot: record.is_bot ?? false,
  };
}

const conflict = { code: 'click_conflict', error: 'Another click is known under this click_id' };

export function postClicks(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/clicks',
      {
        schema: {
          operationId: 'postClicks',
          summary: 'Tell which links were clicked',
          description: 'A record of more than a day in the future is an error of its own, `time_in_future`.',
          tags: ['platform'],
          body: bulkEnvelope(clickRecord),
          response: { 200: bulkAnswer, ...errorAnswers },
        },
      },
      async (request, reply) => {
        const accountOfKey = ports.accountOfKey(request);
        const now = ports.clock.now();
        const judged = judgeRecords(request.body.records, {
          schema: clickRecord,
          toFact,
          refuse: ({ clickedAt }) => refuseFuture('clicked_at', clickedAt, now),
          accountOfKey,
        });
        const { status, body } = await ports.inTransaction(request, async (tx) => ({
          status: 200,
          body: await takeBulk(tx, judged, { store: storeClicks, conflict }),
        }));
        if (body.success_count > 0) ports.signal('settle-pending', {});
        return reply.code(status).send(body);
      },
    );
  };
}
