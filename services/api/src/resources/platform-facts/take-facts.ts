import type { IntakeOutcome, Tx } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { bulkEnvelope } from '../../http/bulk.js';
import type { ApiPorts } from '../../ports.js';
import { judgeRecords } from './judge-records.js';
import { refuseFuture } from './rules/refuse-future.js';
import { bulkAnswer, takeBulk } from './take-bulk.js';

/** One kind of what the platform tells in bulk. */
export interface FactKind<Input extends { account_id: string }, Fact> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly record: z.ZodType<Input>;
  readonly toFact: (record: Input) => Fact;
  /** The field that says when it happened, and its value. */
  readonly happened: { readonly field: string; readonly at: (fact: Fact) => Date };
  readonly store: (tx: Tx, facts: readonly Fact[]) => Promise<IntakeOutcome[]>;
  /** What a record is answered that differs from the one that is known. */
  readonly conflict: { readonly code: string; readonly error: string };
}

/** The route that takes one kind of facts: each record is judged alone, those that can be read are stored together. */
export function takeFacts<Input extends { account_id: string }, Fact>(
  ports: ApiPorts,
  kind: FactKind<Input, Fact>,
): FastifyPluginAsyncZod {
  const { path, operationId, summary, record, toFact, happened, store, conflict } = kind;
  return async (app) => {
    app.post(
      path,
      {
        config: { keepsAnswers: true },
        schema: {
          operationId,
          summary,
          description: 'A record of more than a day in the future is an error of its own, `time_in_future`.',
          tags: ['platform'],
          body: bulkEnvelope(record),
          response: { 200: bulkAnswer.meta({ description: 'What became of the records; errors name their places' }) },
        },
      },
      async (request, reply) => {
        const now = ports.clock.now();
        const judged = judgeRecords(request.body.records, {
          schema: record,
          toFact,
          refuse: (fact) => refuseFuture(happened.field, happened.at(fact), now),
          accountOfKey: ports.accountOfKey(request),
        });
        const { status, body } = await ports.inTransaction(request, async (tx) => ({
          status: 200,
          body: await takeBulk(tx, judged, { store, conflict }),
        }));
        if (body.success_count > 0) ports.wake('settle-pending', {});
        return reply.code(status).send(body);
      },
    );
  };
}
