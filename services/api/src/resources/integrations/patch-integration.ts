import { findIntegration, inTransaction } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Warning } from './rules/judge-look.js';
import { conflictAnswer, integrationPatch, SAME_FIELD } from './schemas.js';
import { wakeDue } from './wake-due.js';
import type { ApiPorts } from '../../ports.js';
import { changedIntegrationAnswer, presentIntegration } from './present-integration.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { requireKeptWindow } from '../../http/require-kept-window.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { lookAtCredentials } from './steps/ask-network.js';
import { changeIntegration } from './steps/change-integration.js';

async function lookAtNewToken(ports: ApiPorts, id: bigint, token: string | undefined): Promise<readonly Warning[]> {
  const row = token === undefined ? null : await findIntegration(ports.db, id);
  if (token === undefined || row === null || row.deleted_at !== null) return [];
  return lookAtCredentials(ports, {
    networkId: row.network_id,
    networkToken: token,
    affiliateId: row.affiliate_id,
  });
}
const INSTEAD = 'it says which integration this is; create another integration for it';
const SHOWN = 'it is what the service says of itself';
const FIXED_FIELDS = {
  account_id: INSTEAD,
  network_id: INSTEAD,
  affiliate_id: INSTEAD,
  id: SHOWN,
  created_at: SHOWN,
  deleted_at: 'delete or restore the integration',
  schedules: 'change conversion_sync_enabled, auto_sync_offers or offer_sync_frequency',
  time_zone_source: SHOWN,
  currency_source: SHOWN,
  network_token_hint: 'change network_token',
};

export function patchIntegration(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.patch(
      '/v1/integrations/:id',
      {
        config: { fixedFields: FIXED_FIELDS },
        schema: {
          operationId: 'changeIntegration',
          summary: 'Change an integration; its schedules follow at once',
          description:
            'Conversions that were seen before keep the settings they were decided by. Account, network and affiliate cannot change. After a new token one quick look at the network, below 3 seconds, finds what speaks against it: `warnings`.',
          tags: ['integrations'],
          params: idParams,
          querystring: nothing,
          body: integrationPatch,
          response: {
            200: changedIntegrationAnswer.meta({ description: 'The integration, and what to look at' }),
            ...errorAnswers,
            409: conflictAnswer.meta({ description: '`integration_deleted`: restore it first' }),
          },
        },
      },
      async (request) => {
        const id = await requireIntegration(ports, request, { integration_id: request.params.id });
        const { click_window_days: windowDays } = request.body;
        if (windowDays !== undefined) {
          requireKeptWindow(ports, windowDays, (await findIntegration(ports.db, id))?.click_window_days);
        }
        const warnings = await lookAtNewToken(ports, id, request.body.network_token);
        const change = await inTransaction(ports.db, (tx) =>
          changeIntegration(tx, ports.keyRing, id, request.body, warnings),
        );
        switch (change.kind) {
          case 'not_found':
            throw ports.notFound('integration');
          case 'deleted':
            throw ports.conflict('integration_deleted', 'The integration is deleted; restore it first', {
              integration_id: toPublicId('integration', id),
            });
          case 'same_id_field':
            throw ports.invalid(SAME_FIELD.path, SAME_FIELD.message);
          case 'changed': {
            const kinds = change.dueNow.map(({ kind }) => kind);
            wakeDue(ports, id, kinds);
            return { ...presentIntegration(change.integration), warnings: [...warnings] };
          }
        }
      },
    );
  };
}
