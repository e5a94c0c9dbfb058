import type { Benchmark, Finding, Size } from '../benchmark.js';
import { loadOverHttp, type LoadResult } from '../measure/http-load.js';
import { judge } from '../measure/judge.js';
import { forgetPeak, peakMemoryMib } from '../measure/peak-memory.js';
import { median, readable } from '../measure/statistics.js';
import { startBareRoute } from '../world/bare-route.js';
import { WINDOW } from '../world/integrations.js';
import { loadFacts, messageIdOf } from '../world/platform-facts.js';
import { addPostbackOffer } from '../world/postback-offer.js';
import { untilBooked } from '../world/until-booked.js';

const SIZE: Record<Size, { seconds: number; turns: number; connections: number[] }> = {
  smoke: { seconds: 1, turns: 1, connections: [1, 50] },
  quick: { seconds: 3, turns: 3, connections: [1, 50, 500] },
  full: { seconds: 5, turns: 5, connections: [1, 50, 500] },
};
const MESSAGES = 1_000;
const BOUNDS = { goal: 0.5, more: true };
const BOOKED_BOUNDS = { goal: 10_000 };
const P99_BOUNDS = { goal: 250 };
const ACCOUNT = 'bench-h';
/** What counts: so many senders at once. */
const JUDGED_CONNECTIONS = 500;

let batches = 0;

/** A postback is answered when PostgreSQL has it: what does that cost beside a route that answers a constant? */
export const postbacks: Benchmark = {
  letter: 'h',
  title: 'Postbacks against a bare route',
  async run(context) {
    const { seconds, turns, connections } = SIZE[context.size];
    const { say, signal } = context;
    const world = await context.openWorld();
    const bare = await startBareRoute(signal);
    try {
      const sentAt = `${WINDOW.from} 00:00Z`;
      await loadFacts(world.db, { accountId: ACCOUNT, messages: MESSAGES, clicks: 0, sentAt, clickedAt: sentAt });
      const offer = await addPostbackOffer(world, ACCOUNT);
      const load = (url: string, count: number, forSeconds: number): Promise<LoadResult> => {
        const batch = ++batches;
        const pathOf = (n: number): string => offer.pathOf(`bench-${batch}-${n}`, messageIdOf(n % MESSAGES));
        return loadOverHttp({ url, connections: count, seconds: forSeconds, pathOf });
      };
      // Both warm up first: neither the compiler nor a first connection is measured.
      await load(world.apiUrl, 50, 1);
      await load(bare.url, 50, 1);
      forgetPeak(world.pid('api'));
      const findings: Finding[] = [];
      for (const count of connections) {
        const seen: { kept: LoadResult; bare: LoadResult; bookedMs: number }[] = [];
        for (let turn = 0; turn < turns; turn++) {
          const kept = await load(world.apiUrl, count, seconds);
          // Booking goes on beside the accepting, as it must; beside the other route it would only be in its way.
          const bookedMs = await untilBooked(world, signal);
          const one = { kept, bookedMs, bare: await load(bare.url, count, seconds) };
          if (kept.failed > 0) throw new Error(`${kept.failed} of ${kept.answered + kept.failed} postbacks failed`);
          say(
            `  h: ${count} connections: ${readable(kept.perSecond)}/s kept, ${readable(one.bare.perSecond)}/s bare; all booked after ${readable(bookedMs / 1000)} s more`,
          );
          seen.push(one);
        }
        const ratio = median(seen.map((one) => one.kept.perSecond / one.bare.perSecond));
        const p99 = median(seen.map((one) => one.kept.p99Ms));
        const bookedMs = median(seen.map((one) => one.bookedMs));
        const judged = count === JUDGED_CONNECTIONS;
        const keptRate = readable(median(seen.map((one) => one.kept.perSecond)));
        const bareRate = readable(median(seen.map((one) => one.bare.perSecond)));
        findings.push(
          {
            what: `Postbacks at ${count} connections: kept / bare route`,
            goal: judged ? '≥ 0.5' : '',
            floor: '',
            measured: ratio.toFixed(2),
            met: judged ? judge(ratio, BOUNDS) : null,
            note: `median of ${turns} pairs in turns of ${seconds} s: ${keptRate} against ${bareRate} a second`,
          },
          {
            what: `Postbacks at ${count} connections: p99`,
            goal: judged ? '< 250 ms' : '',
            floor: '',
            measured: `${readable(p99)} ms`,
            met: judged ? judge(p99, P99_BOUNDS) : null,
            note: `median p50 ${readable(median(seen.map((one) => one.kept.p50Ms)))} ms; bare, p99 is ${readable(median(seen.map((one) => one.bare.p99Ms)))} ms; the wait for the connection itself left out`,
          },
          {
            what: `Postbacks at ${count} connections: all booked after`,
            goal: judged ? '≤ 10 s' : '',
            floor: '',
            measured: `${readable(bookedMs / 1000)} s`,
            met: judged ? judge(bookedMs, BOOKED_BOUNDS) : null,
            note: `median of the time from the end of ${seconds} s of full load until everything is settled and numbered`,
          },
        );
      }
      const { rows } = await world.db.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM postbacks p JOIN integrations i ON i.id = p.integration_id WHERE i.account_id = $1',
        [ACCOUNT],
      );
      findings.push({
        what: 'Peak memory of the API meanwhile',
        goal: 'bounded',
        floor: '',
        measured: `${readable(peakMemoryMib(world.pid('api')) ?? NaN)} MiB`,
        met: null,
        note: `${readable(rows[0]?.count ?? 0)} postbacks stored; at most 10,000 wait, then the sender is told to come back`,
      });
      return findings;
    } finally {
      await bare.stop();
      await world.stop();
    }
  },
};
