import { findOfferForLink } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { bulkEnvelope, describeIssues, recordErrors } from '../../http/bulk.js';
import { linkOf, refusalOf } from './link-of.js';
import { requireOffer } from './require-offer.js';
import { clickId } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { errorAnswers, idParams, messageId, nothing } from '../../http/schemas.js';

const record = z.strictObject({ message_id: messageId, click_id: clickId.optional() }).meta({ id: 'LinkWish' });

export function postLinks(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/offers/:id/links',
      {
        schema: {
          operationId: 'buildOfferLinks',
          summary: 'The links for up to 1000 messages; each is judged on its own',
          tags: ['offers'],
          params: idParams,
          querystring: nothing,
          body: bulkEnvelope(record),
          response: {
            200: z
              .object({
                success_count: z.number().int(),
                error_count: z.number().int(),
                links: z.array(
                  z
                    .object({ index: z.number().int(), message_id: z.string(), url: z.string() })
                    .meta({ id: 'BuiltLink' }),
                ),
                errors: recordErrors,
              })
              .meta({ description: 'The links, and the records that have none; places are those of the request' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const offer = await requireOffer(ports, request, request.params.id, (id) => findOfferForLink(ports.db, id));
        const links: { index: number; message_id: string; url: string }[] = [];
        const errors: { index: number; code: string; error: string }[] = [];
        for (const [index, sent] of request.body.records.entries()) {
          const read = record.safeParse(sent);
          if (!read.success) {
            errors.push({ index, code: 'invalid_record', error: describeIssues(read.error, sent) });
            continue;
          }
          const built = linkOf(offer, read.data);
          if (built.kind === 'link') links.push({ index, message_id: read.data.message_id, url: built.url });
          else errors.push({ index, ...refusalOf(built) });
        }
        return { success_count: links.length, error_count: errors.length, links, errors };
      },
    );
  };
}
