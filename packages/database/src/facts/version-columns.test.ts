import { expect, test } from '@jest/globals';
import { ID_FIELDS, type ConversionFacts } from '@trackly-tune/domain';
import fc from 'fast-check';
import { contentHash } from '../connection/content-hash.js';
import { fromVersionColumns, toVersionColumns, VERSION_NAMES, type SelectedVersion } from './version-columns.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const maybe = fc.option(text, { nil: null });

/** Facts as networks show them: any optional field may not have been told, or told and empty. */
const anyFacts = fc
  .record({
    required: fc.record({
      tune_event_id: text,
      ad_id: maybe,
      offer_id: text,
      affiliate_id: text,
      local_time: fc.constantFrom('2026-05-02 10:43:11', '1970-01-01 00:00:00', '9999-12-31 23:59:59'),
      status: fc.constantFrom('approved', 'pending', 'rejected'),
      payout: fc.constantFrom('1.50000', '0', '-0.1', '007.5', null),
      currency: fc.constantFrom('USD', 'EUR'),
      payout_column: fc.constantFrom('payout', 'payout@EUR'),
    }),
    optional: fc.record({ goal_id: text, status_code: maybe, is_adjustment: fc.boolean() }, { requiredKeys: [] }),
    ids: fc.record(Object.fromEntries(ID_FIELDS.map((field) => [field, maybe])), { requiredKeys: [] }),
  })
  .map(({ required, optional, ids }): ConversionFacts => ({ ...required, ...optional, ids }));

test('facts come out of their columns as they went in, with what was told empty and what was not told', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const columns = toVersionColumns(facts);
      expect(Object.keys(columns).sort()).toEqual([...VERSION_NAMES].sort());
      expect(columns.told).toBeLessThan(2 ** 15);
      const selected = Object.fromEntries(Object.entries(columns).map(([name, value]) => [`v_${name}`, value]));
      const again = fromVersionColumns(facts.tune_event_id, selected as unknown as SelectedVersion);
      expect(again).toEqual(facts);
      expect(contentHash(again)).toBe(contentHash(facts));
    }),
  );
});
