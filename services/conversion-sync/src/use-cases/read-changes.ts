import {
  finishHint,
  holdLease,
  inTransaction,
  learnLateChanges,
  logIntegration,
  readChangesState,
  willFailIncomplete,
  type Database,
  type DueSlice,
  type IntegrationLogLine,
  type LateChanges,
} from '@trackly-tune/database';
import { CodedError, dayOf, isCoded } from '@trackly-tune/domain';
import {
  EndlessListError,
  READINGS_MAX,
  ReportReading,
  type ReportIncompleteError,
  type SliceTurn,
  type TurnOutcome,
} from '@trackly-tune/sync-engine';
import { MissingListError } from '@trackly-tune/tune-client';
import { planHint } from '../domain/plan-hint.js';

export interface ReadChangesOptions extends SliceTurn {
  readonly db: Database;
}

interface Told {
  readonly days: string[];
  readonly rows: number;
  readonly withoutDay: number;
  readonly apiCalls: number;
}

interface NotTold {
  /** `short`: what was told so far is not all. */
  readonly kind: 'refused' | 'unread' | 'short';
  readonly message: string;
  readonly told?: Told;
  readonly context?: ReportIncompleteError['context'];
}

type Outcome = { readonly kind: 'told'; readonly told: Told } | NotTold;

/** The list was read often enough and is not whole; what it told is a hint all the same. */
class ShortListError extends CodedError<'report_incomplete'> {
  constructor(
    readonly shown: ReportIncompleteError,
    readonly told: Told,
  ) {
    super('report_incomplete', shown.message, { advice: 'retry' });
  }
}

const PAGE_ROWS_MAX = 1_000;
const PAGES_MAX = 500;
const ATTEMPTS_MAX = 3;

/** The days named by one of the two calls. A network that does not page (quirk 7) tells everything in each answer. */
async function readAll(
  options: ReadChangesOptions,
  query: { kind: 'updated' | 'added'; fromDay: string; toDay: string },
): Promise<Told> {
  const { client, slice, signal } = options;
  const days = new Set<string>();
  const sum = { rows: 0, withoutDay: 0, apiCalls: 0 };
  const reading = new ReportReading(slice.reading, { promised: null, pages: [], earlierPages: [] });
  const short = (error: ReportIncompleteError): Error =>
    slice.reading < READINGS_MAX ? error : new ShortListError(error, { ...sum, days: [...days] });
  for (let page = 1; page <= PAGES_MAX; page++) {
    signal.throwIfAborted();
    const told = await client
      .findChangedConversions({ ...query, page, limit: PAGE_ROWS_MAX, signal })
      .catch((error: unknown) => {
        throw error instanceof MissingListError ? short(reading.missing(page)) : error;
      });
    const taken = reading.take({ ...told, page });
    sum.apiCalls += told.apiCalls;
    // A list that does not page was told before.
    if (taken.fresh.size > 0) {
      told.days.forEach((day) => days.add(day));
      sum.rows += told.rows;
      sum.withoutDay += told.withoutDay;
    }
    if (taken.error) throw short(taken.error);
    if (taken.verdict === 'whole') return { ...sum, days: [...days] };
  }
  throw new EndlessListError('The list of changes', PAGES_MAX, 'retry-later');
}

/** Failures that say something about the call are an outcome; those that concern the whole network are thrown. */
async function tryToRead(options: ReadChangesOptions, query: Parameters<typeof readAll>[1]): Promise<Outcome> {
  try {
    return { kind: 'told', told: await readAll(options, query) };
  } catch (error) {
    if (options.signal.aborted) throw error;
    if (error instanceof ShortListError) {
      return { kind: 'short', message: error.message, told: error.told, context: error.shown.context };
    }
    if (!isCoded(error)) throw error;
    const { code, advice, message } = error;
    // TUNE's words for a method that a network does not have are not known: any refusal of this call is taken for it.
    if (code === 'permission_denied' || code === 'tune_error') return { kind: 'refused', message };
    if (code === 'unexpected_answer' || code === 'too_many_pages') return { kind: 'unread', message };
    const passes = code === 'rate_limited' || code === 'budget_unavailable';
    if (advice === 'never' || passes) throw error;
    if (options.slice.attempts + 1 < ATTEMPTS_MAX) throw error;
    return { kind: 'unread', message };
  }
}

function tellOf(slice: DueSlice, outcomes: readonly Outcome[], news: boolean): IntegrationLogLine[] {
  const line = { integrationId: slice.integrationId, runId: slice.runId };
  const lines: IntegrationLogLine[] = [];
  const not = (kind: NotTold['kind']): NotTold | undefined =>
    outcomes.find((outcome): outcome is NotTold => outcome.kind === kind);
  const [refused, unread, short] = [not('refused'), not('unread'), not('short')];
  const told = outcomes.flatMap((outcome) => outcome.told ?? []);
  const withoutDay = told.reduce((sum, { withoutDay }) => sum + withoutDay, 0);
  if (refused && news) {
    const message = `The network does not tell of changes made by hand (${refused.message}); old days are read again by turns`;
    lines.push({ ...line, level: 'warn', code: 'changes_not_available', message });
  } else if (news && told.length > 0) {
    const message = 'The network tells of changes made by hand';
    lines.push({ ...line, level: 'info', code: 'changes_available', message });
  }
  if (unread) {
    const message = `What the network says of changes made by hand was not understood: ${unread.message}`;
    lines.push({ ...line, level: 'warn', code: 'changes_unread', message });
  }
  if (short) {
    const message = `What the network says of changes made by hand: ${short.message}`;
    lines.push({ ...line, level: 'error', code: 'report_incomplete', message, context: short.context ?? {} });
  }
  if (withoutDay > 0) {
    const message = `${withoutDay} conversions were changed by hand on days that the network does not name; old days are read again by turns`;
    const context = { rows: withoutDay };
    lines.push({ ...line, level: 'warn', code: 'changes_without_day', message, context });
  }
  return lines;
}

/**
 * Asks the network which conversions were changed or added by hand since the last pass, and plans to read their days
 * again. Only a hint: what is booked comes from the report alone. A network that does not tell, or not so that it can
 * be understood, is shown, and the run goes on with the days that it reads anyway. So it does when the list is not
 * whole, however often it is read; but then the run fails in the end, and the next one asks for the same days.
 */
export async function readChanges(options: ReadChangesOptions): Promise<TurnOutcome> {
  const { db, slice, lease } = options;
  const state = await readChangesState(db, slice.integrationId);
  const today = dayOf(state.now, slice.settings.timeZone);
  const plan = planHint({ today, hintedThrough: state.hintedThrough });
  const outcomes: Outcome[] = [];
  for (const kind of ['updated', 'added'] as const) {
    outcomes.push(await tryToRead(options, { kind, fromDay: plan.fromDay, toDay: plan.toDay }));
  }
  const told = outcomes.flatMap((outcome) => outcome.told ?? []);
  const short = outcomes.find((outcome): outcome is NotTold => outcome.kind === 'short');
  const refused = outcomes.some((outcome) => outcome.kind === 'refused');
  const unread = outcomes.some((outcome) => outcome.kind === 'unread');
  const days = told.flatMap((one) => one.days).filter((day) => day >= plan.oldestDay && day <= plan.youngestDay);
  await inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
    const learnt: LateChanges | null = refused ? 'not_available' : unread ? null : 'available';
    const news = learnt !== null && (await learnLateChanges(tx, slice.integrationId, learnt));
    await finishHint(tx, {
      slice,
      days,
      // A call that the network refuses for good must not hold the other's watermark back.
      hintedThrough: unread || short || told.length === 0 ? null : today,
      apiCalls: told.reduce((sum, { apiCalls }) => sum + apiCalls, 0) + (outcomes.length - told.length),
    });
    if (short) await willFailIncomplete(tx, slice.runId, short.message);
    await logIntegration(tx, ...tellOf(slice, outcomes, news));
  });
  return 'done';
}
