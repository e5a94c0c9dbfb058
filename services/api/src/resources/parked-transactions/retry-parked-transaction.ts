import { endPause, findParkedTransaction, logIntegration } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiPorts } from '../../ports.js';
import { parkedTransactionAnswer, presentParkedTransaction } from './present-parked-transaction.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';

const WHAT = 'parked transaction';

export function retryParkedTransaction(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/parked-transactions/:id/retry',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'retryParkedTransaction',
          summary: 'Try a parked transaction again now',
          description:
            'Ends its pause; it is tried within seconds. One that goes through leaves the list, and is 404 from then on. ' +
            'For one at the stage `numbering` all of its integration is tried.',
          tags: ['books'],
          params: idParams,
          body: nothing.nullish(),
          response: {
            202: parkedTransactionAnswer.meta({ description: 'The transaction; it is tried within seconds' }),
            ...errorAnswers,
          },
        },
      },
      async (request, reply) => {
        const id = ports.readId('transaction', request.params.id);
        const answer = await ports.inTransaction(request, async (tx) => {
          const parked = await findParkedTransaction(tx, id);
          if (parked === null) throw ports.notFound(WHAT);
          requireOwnAccount(ports, request, parked.account_id, WHAT);
          await endPause(tx, parked);
          await logIntegration(tx, {
            integrationId: parked.integration_id,
            level: 'info',
            code: 'retry_requested',
            message: `Parked transaction ${toPublicId('transaction', id)} is tried again on request`,
          });
          const now = (await findParkedTransaction(tx, id)) ?? parked;
          return { status: 202, body: presentParkedTransaction(now) };
        });
        return reply.code(answer.status).send(answer.body);
      },
    );
  };
}
