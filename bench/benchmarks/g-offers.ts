import { buildLink, fromPublicId, type LinkSettings } from '@trackly-tune/domain';
import type { Benchmark, Finding, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { readable } from '../measure/statistics.js';
import { settleDown, walPosition } from '../measure/wal.js';
import { addIntegration } from '../world/integrations.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { offers: number; links: number }> = {
  smoke: { offers: 100, links: 1_000 },
  quick: { offers: 2_000, links: 100_000 },
  full: { offers: 10_000, links: 300_000 },
};
const ACCOUNT = 'bench-g';
const ROWS_WRITTEN = `SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int AS rows FROM pg_stat_user_tables
  WHERE relname IN ('catalogue_offers', 'offers', 'offer_changes')`;

/** Links of different messages, with a global parameter that holds macros. */
function linksPerSecond(links: number): number {
  const settings: LinkSettings = {
    baseUrl: 'https://track.example',
    affiliateId: '1002',
    messageIdField: 'aff_sub',
    clickIdField: 'affiliate_click_id',
    globalUrlParams: { source: 'trackly', aff_sub2: '{{messageId}}-{{offerId}}' },
  };
  const offer = { id: 'ofr_7', externalId: '101', template: null };
  const startedMs = performance.now();
  for (let n = 0; n < links; n++) {
    const built = buildLink(settings, offer, { messageId: `M${String(n).padStart(7, '0')}`, clickId: `clk-${n}` });
    if (built.kind !== 'link') throw new Error(`No link: ${built.kind}`);
  }
  return (links * 1000) / (performance.now() - startedMs);
}

/** The network's catalogue, first and again. */
export const offers: Benchmark = {
  letter: 'g',
  title: 'Catalogue of offers, and links',
  async run(context) {
    const { size, signal } = context;
    const { offers: count, links } = SIZE[size];
    const world = await context.openWorld();
    try {
      const integration = await addIntegration(world, ACCOUNT, { offers: count });
      const route = `/v1/integrations/${integration.id}/offer-syncs`;
      const written = async (): Promise<number> => {
        await world.db.query('SELECT pg_stat_force_next_flush(), pg_sleep(1.2)');
        return (await world.db.query<{ rows: number }>(ROWS_WRITTEN)).rows[0]?.rows ?? 0;
      };
      const first = await completeRun(world, route, {}, signal);
      const { rows } = await world.db.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM catalogue_offers WHERE integration_id = $1',
        [String(fromPublicId('integration', integration.id) ?? 0n)],
      );
      if (rows[0]?.count !== count) throw new Error(`${rows[0]?.count ?? 0} of ${count} offers are in the catalogue`);
      await settleDown(world.db);
      const [rowsBefore, walBefore] = [await written(), await walPosition(world.db)];
      const again = await completeRun(world, route, {}, signal);
      const wal = (await walPosition(world.db)) - walBefore;
      const rowsWritten = (await written()) - rowsBefore;
      const findings: Finding[] = [
        {
          what: `Catalogue of ${readable(count)} offers, first sync`,
          goal: '',
          floor: '',
          measured: `${readable(first.ms / 1000)} s`,
          met: null,
          note: `${readable((count * 1000) / first.ms)} offers/s, ${first.run.counts['api_calls'] ?? 0} calls`,
        },
        {
          what: 'Rows that the same catalogue writes again',
          goal: '0',
          floor: '0',
          measured: String(rowsWritten),
          met: judge(rowsWritten, { goal: 0 }),
          note: `${readable(again.ms / 1000)} s, ${readable(wal / 1024)} KiB of WAL, housekeeping included`,
        },
        {
          what: 'Links built',
          goal: '',
          floor: '',
          measured: `${readable(linksPerSecond(links))}/s`,
          met: null,
          note: 'pure, one core, with a click id and a parameter of two macros',
        },
      ];
      return findings;
    } finally {
      await world.stop();
    }
  },
};
