import { listConversions, readMessage } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireAccount } from '../../http/resolve-account.js';
import { errorAnswers, platformId } from '../../http/schemas.js';
import type { ApiPorts } from '../../ports.js';
import { messageAnswer, CONVERSIONS_MAX, presentMessage } from './present-facts.js';

/** One message of an account, by the id that the platform gave it. */
export function getMessage(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/messages/:message_id',
      {
        schema: {
          operationId: 'getMessage',
          summary: 'One message, and the conversions that found it',
          description: 'A key that sees every account names one; another key asks for its own.',
          tags: ['platform'],
          params: z.strictObject({ message_id: platformId }),
          querystring: z.strictObject({ account_id: platformId.optional() }),
          response: { 200: messageAnswer.meta({ description: 'The message as it was sent' }), ...errorAnswers },
        },
      },
      async (request) => {
        const { message_id: messageId } = request.params;
        const accountId = requireAccount(ports, request, request.query.account_id, 'message');
        const row = await readMessage(ports.db, accountId, messageId);
        if (row === null) throw ports.notFound('message');
        const page = { after: 0n, limit: CONVERSIONS_MAX };
        return presentMessage(row, await listConversions(ports.db, { accountId, messageId }, page));
      },
    );
  };
}
