import { storeClicks, type ClickFact } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { messageId, moment, platformId } from '../../http/schemas.js';
import { takeFacts } from './take-facts.js';

const clickRecord = z
  .strictObject({
    account_id: platformId,
    click_id: platformId,
    message_id: messageId,
    offer_id: platformId.nullish(),
    clicked_at: moment,
    is_bot: z.boolean().nullish(),
  })
  .meta({ id: 'Click' });

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

export function postClicks(ports: ApiPorts): FastifyPluginAsyncZod {
  return takeFacts(ports, {
    path: '/v1/clicks',
    operationId: 'postClicks',
    summary: 'Tell which links were clicked',
    record: clickRecord,
    toFact,
    happened: { field: 'clicked_at', at: ({ clickedAt }) => clickedAt },
    store: storeClicks,
    conflict: { code: 'click_conflict', error: 'Another click is known under this click_id' },
  });
}
