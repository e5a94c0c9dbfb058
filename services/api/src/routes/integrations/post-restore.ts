import { inTransaction } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { conflictAnswer, idParams, nothing } from '../../integrations/schemas.js';
import { signalDue } from '../../integrations/signal-due.js';
import type { ApiPorts } from '../../ports.js';
import { integrationAnswer, presentIntegration } from '../../presenters/present-integration.js';
import { requireIntegration } from '../../resolve-scope.js';
import { errorAnswers } from '../../schemas.js';
import { restoreIntegration } from '../../use-cases/delete-integration.js';

export function postRestore(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/restore',
      {
        schema: {
          operationId: 'restoreIntegration',
          summary: 'Bring a deleted integration back; what it missed is pulled',
          tags: ['integrations'],
          params: idParams,
          querystring: nothing,
          body: nothing.nullish(),
          response: { 200: integrationAnswer, ...errorAnswers, 409: conflictAnswer },
        },
      },
      async (request) => {
        const id = await requireIntegration(ports, request, { integration_id: request.params.id });
        const restoration = await inTransaction(ports.db, (tx) => restoreIntegration(tx, id));
        if (restoration.kind === 'not_found') throw ports.notFound('integration');
        if (restoration.kind !== 'restored') {
          throw ports.conflict('integration_not_deleted', 'The integration is not deleted');
        }
        const answer = presentIntegration(restoration.integration);
        if (answer.schedules.conversions.enabled) signalDue(ports, id, ['conversions']);
        if (answer.schedules.offers.enabled) signalDue(ports, id, ['offers']);
        return answer;
      },
    );
  };
}
