import { expect, test } from '@jest/globals';
import { openDatabaseBefore } from './database-before.js';

const OWN = '0012_parked_work.sql';

test('sums and entries of a populated database stay what they are, and each entry learns whose it is', async () => {
  const database = await openDatabaseBefore(OWN);
  const { ask } = database;
  try {
    await ask(`INSERT INTO ledger_entries (conversion_id, entry_no, decision_id, account_id, integration_id, external_offer_id,
         day, currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, cause)
       SELECT n, 1, n, 'acc', n, '7', '2026-05-02', 'USD', 9223372036854775807, 0, -1, 1, 'first_seen'
       FROM generate_series(1, 3) AS n`);
    await ask(`INSERT INTO revenue_totals VALUES
         (1, 'acc', '2026-05-02', 'USD', '7', NULL, NULL, 9223372036854775807, 0, -1, 1)`);
    await database.apply(OWN);
    const totals = await ask(
      'SELECT revenue_e5::text AS revenue, pending_e5::text AS pending, conversions::text FROM revenue_totals',
    );
    expect(totals).toEqual([{ revenue: '9223372036854775807', pending: '-1', conversions: '1' }]);
    const owners = `SELECT entry_id::int AS entry, integration_id::int AS integration FROM ledger_unnumbered ORDER BY 1`;
    expect(await ask(owners)).toEqual([1, 2, 3].map((n) => ({ entry: n, integration: n })));
    // The statements of the release before go on working beside it.
    await ask(`UPDATE revenue_totals SET revenue_e5 = revenue_e5 + 9223372036854775807, conversions = conversions + 1`);
    await ask('INSERT INTO ledger_unnumbered (entry_id) VALUES (99)');
  } finally {
    await database.drop();
  }
});
