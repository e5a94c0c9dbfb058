import type { Tx } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import type { Answer, ApiPorts } from '../ports.js';

/** An answer, and who is to be woken once it is committed; null: nobody. */
export interface WakingAnswer<Status extends number, Body> extends Answer<Status, Body> {
  readonly wake: (() => void) | null;
}

/**
 * Answers from one transaction of the request and, after its commit, wakes whom `work` names. A repeated request gets
 * the kept answer and wakes nobody: the first one did.
 */
export async function answerThenWake<Status extends number, Body>(
  ports: Pick<ApiPorts, 'inTransaction'>,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<WakingAnswer<Status, Body>>,
): Promise<Answer<Status, Body>> {
  // An object, since the compiler takes a variable that only a callback sets for unset.
  const committed: { wake: (() => void) | null } = { wake: null };
  const answer = await ports.inTransaction(request, async (tx) => {
    const { wake, status, body } = await work(tx);
    committed.wake = wake;
    return { status, body };
  });
  committed.wake?.();
  return answer;
}
