import { findKnownIds, type Database, type KnownIds } from '@trackly-tune/database';
import type { IdField, MessageIdField } from '@trackly-tune/domain';
import type { Clock } from '@trackly-tune/service-runtime';
import { TuneError, type TuneClient, type TuneClients } from '@trackly-tune/tune-client';
import { CHECK_NAMES, passed, skipped, type CheckName, type ConnectionCheck } from '../rules/connection-check.js';
import { isWorthAskingOn, judgeAffiliate, judgeCall, judgeCredentials, type MadeCall } from '../rules/judge-access.js';
import { judgeClickId } from '../rules/judge-click-id.js';
import { judgeMessageIdField } from '../rules/judge-message-id-field.js';
import { idsToLookUp } from '../rules/sample-report.js';
import { createAttempts, type Attempted } from './attempt-call.js';
import { readRecentReport, type RecentReport } from './read-recent-report.js';

/** What is tested: credentials, and the settings that decide where messages and clicks are looked for. */
export interface ConnectionTarget {
  /** Whose messages and clicks are looked up; null: nobody's, then values cannot be compared. */
  readonly accountId: string | null;
  readonly networkId: string;
  readonly networkToken: string;
  readonly affiliateId: string;
  readonly messageIdField: MessageIdField;
  readonly clickIdField: IdField | null;
}

export interface ConnectionTest {
  readonly ok: boolean;
  readonly checks: readonly ConnectionCheck[];
}

export interface TestDependencies {
  readonly db: Database;
  readonly tune: TuneClients;
  readonly clock: Clock;
}

/** The whole test; a caller waits for it. */
const TEST_TIME_MAX_MS = 18_000;
/** One call, so that one that hangs leaves time for the others. */
const CALL_TIME_MAX_MS = 8_000;

const NOTHING_KNOWN: KnownIds = { messages: new Set(), clicks: new Set(), hasMessages: false, hasClicks: false };

/** Fills in what was not checked for want of something else, and brings the checks into their order. */
export function completeChecks(checks: readonly ConnectionCheck[]): ConnectionTest {
  const byName = new Map(checks.map((check) => [check.name, check]));
  const broken = checks.find((check) => !check.ok && (check.name === 'network' || check.name === 'token'));
  const prerequisiteOf = (name: CheckName): CheckName =>
    broken?.name ?? (name === 'message_id_field' || name === 'click_id' ? reportProblem(byName) : 'network');
  const complete = CHECK_NAMES.map((name) => byName.get(name) ?? skipped(name, prerequisiteOf(name)));
  return { ok: complete.every((check) => check.ok), checks: complete };
}

const reportProblem = (checks: ReadonlyMap<CheckName, ConnectionCheck>): CheckName =>
  checks.get('report_access')?.ok === false ? 'report_access' : 'affiliate';

const madeFor = (check: CheckName, purpose: string, attempt: Attempted<unknown>): MadeCall => ({
  check,
  purpose,
  failure: attempt.ok ? null : attempt.failure,
});

async function readOneOffer(client: TuneClient, signal: AbortSignal): Promise<void> {
  const { offers, unreadable } = await client.listOffers({ page: 1, limit: 1, signal });
  if (offers.length > 0 || unreadable === 0) return;
  throw new TuneError('unexpected_answer', 'TUNE lists offers, but they hold no id');
}

async function judgeIdFields(
  db: Database,
  target: ConnectionTarget,
  report: RecentReport,
): Promise<readonly ConnectionCheck[]> {
  const { sample, refusedFields } = report;
  const known =
    target.accountId === null ? NOTHING_KNOWN : await findKnownIds(db, target.accountId, idsToLookUp(sample));
  const message = judgeMessageIdField(target.messageIdField, { ...known, sample, refusedFields });
  const messagesFound = message.code === 'ok';
  return [message, judgeClickId(target.clickIdField, { ...known, sample, refusedFields, messagesFound })];
}

/**
 * Tries a connection as a pull and an import would use it, within 20 seconds. A failing call is an answer, not an
 * error: each check has a code and says what to do. Network and token are judged by all calls together. The token
 * stands in no message.
 */
export async function testConnection(deps: TestDependencies, target: ConnectionTarget): Promise<ConnectionTest> {
  const { networkId, networkToken, affiliateId } = target;
  const client = deps.tune.open({ networkId, networkToken });
  const attempts = createAttempts({ timeMaxMs: TEST_TIME_MAX_MS, callTimeMaxMs: CALL_TIME_MAX_MS, clock: deps.clock });
  try {
    const offers = await attempts.call((signal) => readOneOffer(client, signal));
    const first = madeFor('offers_access', 'read offers', offers);
    if (!isWorthAskingOn(first, networkId)) return completeChecks(judgeCredentials([first], networkId));
    const [affiliate, report] = await Promise.all([
      attempts.call((signal) => client.findAffiliate(affiliateId, signal)),
      readRecentReport(client, attempts, { affiliateId, now: deps.clock.now() }),
    ]);
    const calls = [
      first,
      madeFor('affiliate', 'read affiliates', affiliate),
      madeFor('report_access', 'read the conversions report', report),
    ];
    const checks = [
      ...judgeCredentials(calls, networkId),
      ...calls.map((call) => judgeCall(call, networkId)).filter((check) => check !== null),
      ...(offers.ok ? [passed('offers_access', 'The token may read offers')] : []),
      ...(affiliate.ok ? [judgeAffiliate(affiliate.value, affiliateId)] : []),
      ...(report.ok ? [passed('report_access', 'The token may read the conversions report')] : []),
    ];
    const isStranger = checks.some(({ code }) => code === 'affiliate_not_found');
    if (!report.ok || isStranger) return completeChecks(checks);
    return completeChecks([...checks, ...(await judgeIdFields(deps.db, target, report.value))]);
  } finally {
    await client.close();
  }
}
