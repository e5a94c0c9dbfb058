import type { AnswerMemory } from './answer-memory.js';
import { readEnvelope, type Answer, type RawAnswer } from './read-envelope.js';
import type { TuneLimits } from './limits.js';
import type { NetworkDoor } from './network-door.js';
import { sendRequest, type Params } from './send-request.js';
import { TuneError, type TuneErrorCode } from './tune-error.js';
import type { BudgetLane, RateBudget } from './types.js';

export interface Caller {
  readonly networkId: string;
  readonly networkToken: string;
  readonly lane: BudgetLane;
  readonly budget: RateBudget;
  readonly limits: TuneLimits;
  /** Shared by all callers of the process. */
  readonly memory: AnswerMemory;
  readonly scrub: (text: string) => string;
  /** Told of each HTTP call that went out, for metrics. */
  readonly observe?: ((call: ObservedCall) => void) | undefined;
  /** Found at each call, since it may be refused for a network id that can be none. */
  readonly door: () => NetworkDoor;
}

export interface ObservedCall {
  /** `Model.method` of TUNE. */
  readonly method: string;
  /** `ok`, or the code of the failure. */
  readonly result: 'ok' | TuneErrorCode;
  readonly durationMs: number;
}

export interface Call {
  readonly target: string;
  readonly method: string;
  readonly params?: Params;
  readonly signal?: AbortSignal | undefined;
}

/** How long the requests of one call were under way, without what they waited before. */
interface Timing {
  sentMs: number;
}

/** HTTP calls that were made for one question. */
export interface CallCount {
  calls: number;
}

const TOO_LONG = /URL.{0,8}s length exceeds the capacity limit/i;

function refusesLength(answer: RawAnswer): boolean {
  return answer.status === 414 || TOO_LONG.test(answer.body.slice(0, 4_000));
}

async function sendOnce(
  caller: Caller,
  call: Call & { readonly form: boolean },
  count: CallCount,
  timing: Timing,
): Promise<RawAnswer> {
  const door = caller.door();
  const { networkId, budget, lane, limits } = caller;
  const { signal } = call;
  let startedAt: number | null = null;
  const leave = await door.gate.enter({ signal, waitMaxMs: limits.requestTimeoutMs });
  try {
    // The turn is taken last, so that the call goes out when it was granted.
    const turn = await budget.take(networkId, { lane, ...(signal ? { signal } : {}) });
    count.calls++;
    startedAt = performance.now();
    const answer = await sendRequest({
      pool: door.pool,
      url: door.url,
      params: {
        NetworkToken: caller.networkToken,
        Target: call.target,
        Method: call.method,
        ...call.params,
      },
      form: call.form,
      limits,
      memory: caller.memory,
      signal,
    });
    turn.arrived();
    return answer;
  } finally {
    if (startedAt !== null) timing.sentMs += performance.now() - startedAt;
    leave();
  }
}

async function askOnce(caller: Caller, call: Call, count: CallCount, timing: Timing): Promise<Answer> {
  const { learnt } = caller.door();
  const form = learnt.longUrls;
  const raw = await sendOnce(caller, { ...call, form }, count, timing);
  if (form || !refusesLength(raw)) return readEnvelope(raw, caller.scrub);
  learnt.longUrls = true;
  return readEnvelope(await sendOnce(caller, { ...call, form: true }, count, timing), caller.scrub);
}

function errorOf(outcome: Answer | TuneError): TuneError | null {
  if (outcome instanceof TuneError) return outcome;
  return outcome.kind === 'refused' ? outcome.error : null;
}

/**
 * Asks a network one question: waits for a connection and for its turn in the rate budget, sends, and reads the
 * envelope. When TUNE says that it was too much, the budget is told, so that all processes pause. Throws TuneError for
 * everything but TUNE's own refusal, which is returned.
 */
export async function callNetwork(caller: Caller, call: Call, count: CallCount): Promise<Answer> {
  const before = count.calls;
  const timing: Timing = { sentMs: 0 };
  const outcome = await askOnce(caller, call, count, timing).catch((error: unknown) => {
    if (error instanceof TuneError) return error;
    // A defect of ours; its text might repeat what was sent.
    const text = caller.scrub(error instanceof Error ? error.message : String(error));
    return new TuneError('unexpected_answer', `The call failed in an unforeseen way: ${text}`);
  });
  const failure = errorOf(outcome);
  if (count.calls > before) {
    const method = `${call.target}.${call.method}`;
    caller.observe?.({ method, result: failure?.code ?? 'ok', durationMs: timing.sentMs });
  }
  if (failure?.code === 'rate_limited') await caller.budget.limited(caller.networkId).catch(() => undefined);
  if (outcome instanceof TuneError) throw outcome;
  return outcome;
}
