import { findConversion, findNamed, listConversions, type ConversionRow, type Database } from '@trackly-tune/database';
import { fromPublicId } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswers, platformId } from '../../http/schemas.js';
import type { ApiPorts } from '../../ports.js';
import { namedAnswer, presentNamed, presentNamedConversion } from './present-named.js';

const FOUND_MAX = 50;

/** Conversions with this id: ours, TUNE's, or of the transaction, also where its number is a parked one's. */
async function findConversions(db: Database, accountId: string | null, text: string): Promise<ConversionRow[]> {
  const own = fromPublicId('conversion', text) ?? fromPublicId('transaction', text);
  if (own !== null) {
    const row = await findConversion(db, own);
    return row === null || (accountId !== null && row.account_id !== accountId) ? [] : [row];
  }
  const scope = { accountId: accountId ?? undefined };
  const page = { after: 0n, limit: FOUND_MAX };
  const found = await Promise.all([
    listConversions(db, { ...scope, externalId: text }, page),
    listConversions(db, { ...scope, adId: text }, page),
  ]);
  return [...new Map(found.flat().map((row) => [row.id, row])).values()];
}

/** Whatever is known under an id that somebody has at hand, whatever kind it is. */
export function getLookup(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/lookup',
      {
        schema: {
          operationId: 'lookUp',
          summary: 'Everything that is known under an id, whatever kind it is',
          description: `Our own ids, message ids, click ids, and TUNE's ids of transactions, conversions and offers. At most ${FOUND_MAX}; conversions come first.`,
          tags: ['books'],
          querystring: z.strictObject({ account_id: platformId.optional(), id: platformId }),
          response: {
            200: z
              .object({ data: z.array(namedAnswer) })
              .meta({ description: 'What has the id; empty where nothing has' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { account_id: named, id } = request.query;
        if (named !== undefined) requireOwnAccount(ports, request, named, 'account');
        const accountId = named ?? ports.accountOfKey(request);
        const conversions = await findConversions(ports.db, accountId, id);
        const others = await findNamed(
          ports.db,
          {
            ...{ accountId, text: id },
            integrationId: fromPublicId('integration', id),
            offerId: fromPublicId('offer', id),
            runId: fromPublicId('run', id),
          },
          FOUND_MAX,
        );
        const data = [...conversions.map(presentNamedConversion), ...others.map(presentNamed)];
        return { data: data.slice(0, FOUND_MAX) };
      },
    );
  };
}
