import { findIntegration, inTransaction } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Warning } from './rules/judge-look.js';
import { conflictAnswer } from './schemas.js';
import { wakeDue } from './wake-due.js';
import type { ApiPorts } from '../../ports.js';
import { changedIntegrationAnswer, presentIntegration } from './present-integration.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { lookAtCredentials } from './steps/ask-network.js';
import { restoreIntegration } from './steps/delete-integration.js';
import { openStoredToken } from './steps/open-stored-token.js';

async function lookAtStored(ports: ApiPorts, id: bigint): Promise<readonly Warning[]> {
  const row = await findIntegration(ports.db, id);
  // What will be refused needs nothing of the network.
  if (row === null || row.deleted_at === null) return [];
  const stored = await openStoredToken(ports, id);
  if (!stored.ok) return [{ code: stored.code, message: stored.message }];
  return lookAtCredentials(ports, {
    networkId: row.network_id,
    networkToken: stored.token,
    affiliateId: row.affiliate_id,
  });
}

export function postRestore(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/restore',
      {
        schema: {
          operationId: 'restoreIntegration',
          summary: 'Bring a deleted integration back; what it missed is pulled',
          description:
            'One quick look at the network, below 3 seconds, finds what speaks against its credentials: `warnings`.',
          tags: ['integrations'],
          params: idParams,
          querystring: nothing,
          body: nothing.nullish(),
          response: {
            200: changedIntegrationAnswer.meta({ description: 'The integration, and what to look at' }),
            ...errorAnswers,
            409: conflictAnswer.meta({ description: '`integration_not_deleted`' }),
          },
        },
      },
      async (request) => {
        const id = await requireIntegration(ports, request, { integration_id: request.params.id });
        const warnings = await lookAtStored(ports, id);
        const restoration = await inTransaction(ports.db, (tx) => restoreIntegration(tx, id, warnings));
        if (restoration.kind === 'not_found') throw ports.notFound('integration');
        if (restoration.kind !== 'restored') {
          throw ports.conflict('integration_not_deleted', 'The integration is not deleted');
        }
        const answer = presentIntegration(restoration.integration);
        if (answer.schedules.conversions.enabled) wakeDue(ports, id, ['conversions']);
        if (answer.schedules.offers.enabled) wakeDue(ports, id, ['offers']);
        return { ...answer, warnings: [...warnings] };
      },
    );
  };
}
