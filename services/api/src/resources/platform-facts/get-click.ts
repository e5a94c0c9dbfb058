import { listConversions, readClick } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireAccount } from '../../http/resolve-account.js';
import { errorAnswers, platformId } from '../../http/schemas.js';
import type { ApiPorts } from '../../ports.js';
import { clickAnswer, CONVERSIONS_MAX, presentClick } from './present-facts.js';

/** One click of an account, by the id that the platform gave it. */
export function getClick(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/clicks/:click_id',
      {
        schema: {
          operationId: 'getClick',
          summary: 'One click, and the conversions that found it',
          description: 'A key that sees every account names one; another key asks for its own.',
          tags: ['platform'],
          params: z.strictObject({ click_id: platformId }),
          querystring: z.strictObject({ account_id: platformId.optional() }),
          response: { 200: clickAnswer.meta({ description: 'The click as it was sent' }), ...errorAnswers },
        },
      },
      async (request) => {
        const { click_id: clickId } = request.params;
        const accountId = requireAccount(ports, request, request.query.account_id, 'click');
        const row = await readClick(ports.db, accountId, clickId);
        if (row === null) throw ports.notFound('click');
        const page = { after: 0n, limit: CONVERSIONS_MAX };
        return presentClick(row, await listConversions(ports.db, { accountId, clickId }, page));
      },
    );
  };
}
