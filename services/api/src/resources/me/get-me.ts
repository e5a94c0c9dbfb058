import { VERSION } from '@trackly-tune/service-runtime';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nothing } from '../../http/schemas.js';
import type { ApiPorts } from '../../ports.js';

const meAnswer = z
  .object({
    key_name: z.string(),
    account_id: z.string().nullable().meta({ description: 'The one account that the key sees; null for all' }),
    role: z.enum(['full', 'read']).meta({ description: '`read` may only GET' }),
    version: z.string().meta({ description: 'Of the API' }),
  })
  .meta({ id: 'Me' });

/** Whose key it is: what a page or a program asks first, to show nothing that would fail. */
export function getMe(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/me',
      {
        schema: {
          operationId: 'getMe',
          summary: 'What the API key of the request is, and may do',
          tags: ['operations'],
          querystring: nothing,
          response: { 200: meAnswer.meta({ description: 'The key, without the key itself' }) },
        },
      },
      async (request) => ({
        key_name: ports.nameOfKey(request),
        account_id: ports.accountOfKey(request),
        role: ports.roleOfKey(request),
        version: VERSION,
      }),
    );
  };
}
