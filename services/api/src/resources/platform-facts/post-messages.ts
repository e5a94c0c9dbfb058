import { storeMessages, type MessageFact } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { messageId, moment, platformId } from '../../http/schemas.js';
import { takeFacts } from './take-facts.js';

const messageRecord = z
  .strictObject({
    account_id: platformId,
    message_id: messageId,
    creative_id: platformId.nullish(),
    offer_id: platformId.nullish(),
    campaign_id: platformId.nullish(),
    contact_id: platformId.nullish(),
    sent_at: moment,
  })
  .meta({ id: 'Message' });

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

export function postMessages(ports: ApiPorts): FastifyPluginAsyncZod {
  return takeFacts(ports, {
    path: '/v1/messages',
    operationId: 'postMessages',
    summary: 'Tell which messages were sent',
    record: messageRecord,
    toFact,
    happened: { field: 'sent_at', at: ({ sentAt }) => sentAt },
    store: storeMessages,
    conflict: { code: 'message_conflict', error: 'Another message is known under this message_id' },
  });
}
