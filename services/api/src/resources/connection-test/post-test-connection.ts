import type { IntegrationRow } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CHECK_NAMES, failed } from './rules/connection-check.js';
import { connectionBody } from '../integrations/schemas.js';
import type { ApiPorts } from '../../ports.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { requireIntegrationRow } from '../integrations/require-integration-row.js';
import { openStoredToken } from '../integrations/steps/open-stored-token.js';
import { completeChecks, testConnection, type ConnectionTest } from './steps/test-connection.js';

const answer = z
  .object({
    ok: z.boolean(),
    checks: z.array(
      z
        .object({
          name: z.enum(CHECK_NAMES),
          ok: z.boolean(),
          code: z.string().meta({
            description:
              '`ok`; `skipped`: something else has to be right first; else what is wrong, or what came instead',
          }),
          message: z.string(),
        })
        .meta({ id: 'ConnectionCheck' }),
    ),
  })
  .meta({ id: 'ConnectionTest' });

const present = ({ ok, checks }: ConnectionTest): z.infer<typeof answer> => ({ ok, checks: [...checks] });

async function testSaved(ports: ApiPorts, row: IntegrationRow): Promise<ConnectionTest> {
  const stored = await openStoredToken(ports, row.id);
  if (!stored.ok) return completeChecks([failed('token', stored.code, stored.message)]);
  return testConnection(ports, {
    accountId: row.account_id,
    networkId: row.network_id,
    networkToken: stored.token,
    affiliateId: row.affiliate_id,
    messageIdField: row.message_id_field,
    clickIdField: row.click_id_field,
  });
}

export function postTestConnection(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/test-connection',
      {
        schema: {
          operationId: 'testNewConnection',
          summary: 'Try credentials before they are saved',
          description: 'Calls the network with its rate budget, for at most 20 seconds. Nothing is stored.',
          tags: ['integrations'],
          querystring: nothing,
          body: connectionBody,
          response: {
            200: answer.meta({ description: 'Each check with its outcome; one that fails is an answer, not an error' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { body } = request;
        if (body.account_id !== undefined) requireOwnAccount(ports, request, body.account_id, 'account');
        const test = await testConnection(ports, {
          accountId: body.account_id ?? ports.accountOfKey(request),
          networkId: body.network_id,
          networkToken: body.network_token,
          affiliateId: body.affiliate_id,
          messageIdField: body.message_id_field,
          clickIdField: body.click_id_field,
        });
        return present(test);
      },
    );

    app.post(
      '/v1/integrations/:id/test-connection',
      {
        schema: {
          operationId: 'testConnection',
          summary: 'Try a saved connection',
          description: 'Calls the network with its rate budget, for at most 20 seconds.',
          tags: ['integrations'],
          params: idParams,
          querystring: nothing,
          body: nothing.nullish(),
          response: {
            200: answer.meta({ description: 'Each check with its outcome; one that fails is an answer, not an error' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        return present(await testSaved(ports, await requireIntegrationRow(ports, request, request.params.id)));
      },
    );
  };
}
