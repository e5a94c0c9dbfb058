import {
  editOffer,
  findCatalogueOffer,
  findOffer,
  findPayoutMismatch,
  inTransaction,
  keptOfferOfRow,
  lockOffer,
  readOfferSyncSettings,
  type OfferRow,
  type Tx,
} from '@trackly-tune/database';
import { STATE_OF_FIELD } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { planOfferEdit } from './rules/plan-offer-edit.js';
import { requireOffer } from './require-offer.js';
import { offerPatch, type OfferPatch } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { offerDetail, presentOfferDetail } from './present-offer.js';
import { requireKeptWindow } from '../../http/require-kept-window.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());

/** A field cannot be written and given back at once. */
function refuseBoth(ports: ApiPorts, { reset_fields: reset = [], ...wish }: OfferPatch): void {
  const written = Object.keys(wish).map(camelCase);
  const both = reset.find((field) => STATE_OF_FIELD[field].some((part) => written.includes(part)));
  if (both !== undefined) throw ports.invalid('reset_fields', `must not hold ${both}, which is written as well`);
}

async function applyPatch(tx: Tx, row: OfferRow, patch: OfferPatch, changedBy: string): Promise<void> {
  const { reset_fields: fields = [], ...wish } = patch;
  const kept = keptOfferOfRow(row);
  const settings = await readOfferSyncSettings(tx, row.integration_id);
  const told = row.external_id === null ? null : await findCatalogueOffer(tx, row.integration_id, row.external_id);
  const { state, editedFields } = planOfferEdit(kept, wish, { fields, told, settings });
  await editOffer(tx, { offerId: row.id, before: kept.state, after: state, editedFields, changedBy });
}

const INSTEAD = 'it says which offer this is; make another offer for it';
const FIXED_FIELDS = {
  id: INSTEAD,
  integration_id: INSTEAD,
  external_id: INSTEAD,
  tune_status: 'the network says it; change status',
  expires_at: 'the network says it; change status',
  edited_fields: 'give fields back to the sync with reset_fields',
};

export function patchOffer(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.patch(
      '/v1/offers/:id',
      {
        config: { fixedFields: FIXED_FIELDS },
        schema: {
          operationId: 'changeOffer',
          summary: 'Change an offer by hand',
          description:
            'A field that is changed here is not overwritten by syncs any more, until `reset_fields` gives it back.',
          tags: ['offers'],
          params: idParams,
          querystring: nothing,
          body: offerPatch,
          response: { 200: offerDetail.meta({ description: 'The offer as it is now' }), ...errorAnswers },
        },
      },
      async (request) => {
        refuseBoth(ports, request.body);
        const changed = await inTransaction(ports.db, async (tx) => {
          const row = await requireOffer(ports, request, request.params.id, (id) => lockOffer(tx, id));
          requireKeptWindow(ports, request.body.click_window_days, row.click_window_days);
          await applyPatch(tx, row, request.body, ports.nameOfKey(request));
          return (await findOffer(tx, row.id)) ?? row;
        });
        return presentOfferDetail(changed, await findPayoutMismatch(ports.db, changed));
      },
    );
  };
}
