import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswers, nothing, platformId } from '../../http/schemas.js';
import { eraseAll } from './steps/erase-all.js';

const CONTACTS_MAX = 1_000;

const erasureBody = z
  .strictObject({ account_id: platformId, contact_ids: z.array(platformId).min(1).max(CONTACTS_MAX) })
  .meta({ id: 'ContactsToErase' });

const erasureAnswer = z
  .object({
    contacts_found: z.number().int().meta({ description: 'Contacts that stood on at least one message' }),
    messages_erased: z.number().int().meta({ description: 'Messages that they were taken out of' }),
  })
  .meta({ id: 'ErasureAnswer' });

/**
 * No answer is kept under an Idempotency-Key: asked again, an erasure finds nothing left to do, and the hash of a
 * request that can be kept would tell who knows a contact's id that it was erased.
 */
export function postErase(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/contacts/erase',
      {
        schema: {
          operationId: 'eraseContacts',
          summary: 'Take contacts out of all messages of an account',
          description:
            'Money, messages and clicks stay, and so do all sums. A message whose contact was erased stays without one: ' +
            'sent again, with a contact or without, it is a duplicate. Contacts that are not known count nothing. A call ' +
            'that was cut off is sent again: what it had done stays done, and the counts are those of the rest.',
          tags: ['platform'],
          querystring: nothing,
          body: erasureBody,
          response: {
            200: erasureAnswer.meta({ description: 'How much was erased' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { account_id: accountId, contact_ids: contactIds } = request.body;
        requireOwnAccount(ports, request, accountId, 'account');
        const { contacts, messages } = await eraseAll(ports.db, accountId, contactIds);
        // For the record: who had how many erased, and never whom.
        request.log.info(
          { account_id: accountId, key_name: ports.nameOfKey(request), contacts, messages },
          'contacts were erased',
        );
        return { contacts_found: contacts, messages_erased: messages };
      },
    );
  };
}
