import { storeMessages, type MessageFact } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { judgeRecords } from './judge-records.js';
import { refuseFuture } from './rules/refuse-future.js';
import type { ApiPorts } from '../../ports.js';
import { errorAnswers, messageId, moment, platformId } from '../../http/schemas.js';
import { bulkAnswer, bulkEnvelope, takeBulk } from './take-bulk.js';

const messageRecord = z.strictObject({
  account_id: platformId,
  message_id: messageId,
  creative_id: platformId.nullish(),
  offer_id: platformId.nullish(),
  campaign_id: platformId.nullish(),
  contact_id: platformId.nullish(),
  sent_at: moment,
});

function toFact(record: z.infer<typeof messageRecord>): MessageFact {
  return {
    accountId: record.account_id,
    messageId: record.message_id,
    creativeId: record.creative_id ?? null,
    offerId: record.offer_id ?? null,
    campaignId: record.campaign_id ?? null,
    contactId: record.contact_id ?? null,
    sentAt: new Date(record.sent_at),
  };
}

const conflict = { code: 'message_conflict', error: 'Another message is known under this message_id' };

export function postMessages(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/messages',
      {
        schema: {
          operationId: 'postMessages',
          summary: 'Tell which messages were sent',
          description: 'A record of more than a day in the future is an error of its own, `time_in_future`.',
          tags: ['platform'],
          body: bulkEnvelope(messageRecord),
          response: { 200: bulkAnswer, ...errorAnswers },
        },
      },
      async (request, reply) => {
        const accountOfKey = ports.accountOfKey(request);
        const now = ports.clock.now();
        const judged = judgeRecords(request.body.records, {
          schema: messageRecord,
          toFact,
          refuse: ({ sentAt }) => refuseFuture('sent_at', sentAt, now),
          accountOfKey,
        });
        const { status, body } = await ports.inTransaction(request, async (tx) => ({
          status: 200,
          body: await takeBulk(tx, judged, { store: storeMessages, conflict }),
        }));
        if (body.success_count > 0) ports.signal('settle-pending', {});
        return reply.code(status).send(body);
      },
    );
  };
}
