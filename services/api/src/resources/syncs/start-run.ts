import { findRun, type Tx } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import { answerThenWake } from '../../http/answer-then-wake.js';
import type { Answer, ApiPorts } from '../../ports.js';
import { presentRun, type Run } from './present-run.js';

/** A run that is there, or was there already, and who works on it. */
export interface StartedRun {
  readonly id: bigint;
  readonly wake: () => void;
}

/** A run that this transaction has just made, as callers see it. */
export async function showMadeRun(ports: ApiPorts, tx: Tx, id: bigint): Promise<Run> {
  const run = await findRun(tx, id);
  if (run === null) throw ports.notFound('sync run');
  return presentRun(run);
}

/** Starts a run in the request's transaction, answers 202 with it and wakes whoever works on it after the commit. */
export async function startRun(
  ports: ApiPorts,
  request: FastifyRequest,
  start: (tx: Tx) => Promise<StartedRun>,
): Promise<Answer<202, Run>> {
  return answerThenWake(ports, request, async (tx) => {
    const { id, wake } = await start(tx);
    return { status: 202, body: await showMadeRun(ports, tx, id), wake };
  });
}
