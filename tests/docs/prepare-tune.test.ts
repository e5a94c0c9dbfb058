import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTuneWorld, type TuneWorld } from '../../packages/tune-client/test/tune-world.js';
import { SAMPLE_FIELDS } from '../../services/api/src/resources/connection-test/rules/sample-report.js';
import { reportFields } from '../../services/conversion-sync/src/domain/report-fields.js';
import { readPage } from '../system/markdown-blocks.js';

type TuneClient = ReturnType<TuneWorld['open']>;

const page = readPage('docs/how-to/prepare-tune.md');
const REFUSED = { response: { status: -1, httpStatus: 200, data: '', errors: [], errorMessage: 'No.' } };
const WHEN = { fromDay: '2026-11-01', toDay: '2026-11-02' };
const FIELDS = { required: ['Stat.tune_event_id'], optional: [] };

/** What asks TUNE nothing. */
type Silent = 'close' | 'maskRow';

/** One question of each kind that the client can ask; a new kind without one here does not compile. */
const QUESTIONS: Readonly<Record<Exclude<keyof TuneClient, Silent>, (client: TuneClient) => Promise<unknown>[]>> = {
  getConversions: (client) => [
    client.getConversions({
      ...{ affiliateId: '1', fromTime: '2026-11-01 00:00:00', toTime: '2026-11-02 00:00:00', page: 1, limit: 10 },
      fields: FIELDS,
    }),
  ],
  getTimeZone: (client) => [client.getTimeZone()],
  getDefaultCurrency: (client) => [client.getDefaultCurrency()],
  getActiveCurrencies: (client) => [client.getActiveCurrencies()],
  findAffiliate: (client) => [client.findAffiliate('1')],
  listOffers: (client) => [client.listOffers({ page: 1, limit: 10 })],
  findChangedConversions: (client) =>
    (['updated', 'added'] as const).map((kind) => client.findChangedConversions({ kind, ...WHEN, page: 1, limit: 10 })),
};

describe('the page that says what TUNE has to allow', () => {
  let world: TuneWorld;
  beforeAll(async () => {
    world = await startTuneWorld();
    world.answer({ body: JSON.stringify(REFUSED) });
  });
  afterAll(() => world.close());

  test('names every call that the client can make, and no other', async () => {
    const client = world.open();
    expect(Object.keys(client).sort()).toEqual([...Object.keys(QUESTIONS), 'close', 'maskRow'].sort());
    await Promise.allSettled(Object.values(QUESTIONS).flatMap((ask) => ask(client)));
    const made = new Set(world.seen.map(({ params }) => `${String(params['Target'])}::${String(params['Method'])}`));
    const named = new Set([...page.matchAll(/^\| `(\w+::\w+)`/gm)].map(([, call]) => call));
    expect(made.size).toBeGreaterThan(7);
    expect(named).toEqual(made);
  });

  test('names every field of the report, says which are required, and names no other', () => {
    const settings = { messageIdField: 'aff_sub', clickIdField: 'affiliate_click_id' } as const;
    const asked = reportFields(settings, { severalCurrencies: true, refusedFields: [] });
    const alwaysRequired = reportFields(
      { messageIdField: 'source', clickIdField: null },
      { severalCurrencies: false, refusedFields: [] },
    ).required.filter((field) => field !== 'Stat.source');
    const fields = [...asked.required, ...asked.optional, ...SAMPLE_FIELDS.required, ...SAMPLE_FIELDS.optional];
    const table = [...page.matchAll(/^\| (`(?:Stat|ConversionsMobile)\.[^|]*)\|[^|]*\|([^|]*)\|/gm)].map(
      ([, names = '', outcome = '']) => ({
        names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
        outcome: outcome.trim(),
      }),
    );
    expect(new Set(table.flatMap(({ names }) => names))).toEqual(new Set(fields));
    expect(
      table
        .filter(({ outcome }) => outcome === '**Required.**')
        .flatMap(({ names }) => names)
        .sort(),
    ).toEqual([...alwaysRequired].sort());
  });
});
