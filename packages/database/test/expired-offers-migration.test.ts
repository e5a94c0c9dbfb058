import { expect, test } from '@jest/globals';
import { AN_INTEGRATION, openDatabaseBefore } from './database-before.js';

const OWN = '0016_expired_offers_and_empty_catalogues.sql';

test('offers, their history and waiting runs of a populated database stay, and the release before goes on', async () => {
  const database = await openDatabaseBefore(OWN);
  const { ask } = database;
  const add = (n: number) =>
    ask(`INSERT INTO catalogue_offers (integration_id, external_id, name, tune_status, content_hash)
         VALUES (1, '${n}', 'Offer', 'active', '\\x00');
       INSERT INTO offers (integration_id, external_id, name, tracking_url, status) VALUES (1, '${n}', 'Offer', '', 'active');
       INSERT INTO offer_changes (offer_id, cause, changes) SELECT id, 'sync', '{}' FROM offers WHERE external_id = '${n}';
       INSERT INTO sync_runs (integration_id, kind, trigger, status) VALUES (1, 'offers', 'manual', 'cancelled')`);
  try {
    await ask(AN_INTEGRATION);
    await add(1);
    await database.apply(OWN);
    await add(2);
    const rows = await ask(`SELECT o.external_id, o.status, o.expires_at, c.expiration_date, c.is_expired
      FROM offers o JOIN catalogue_offers c USING (integration_id, external_id) ORDER BY 1`);
    const kept = { status: 'active', expires_at: null, expiration_date: null, is_expired: false };
    expect(rows).toEqual(['1', '2'].map((external_id) => ({ external_id, ...kept })));
    expect(await ask('SELECT accept_empty FROM sync_runs')).toEqual([{ accept_empty: false }, { accept_empty: false }]);
    await ask(`INSERT INTO offer_changes (offer_id, cause, changes) SELECT id, 'expired', '{}' FROM offers`);
    await expect(
      ask(`INSERT INTO offer_changes (offer_id, cause, changes) SELECT id, 'other', '{}' FROM offers`),
    ).rejects.toThrow('offer_changes_cause_check');
    await ask(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$`);
    // The other index that a table of two rows is read by.
    await ask('DROP INDEX offers_by_status');
    const plan = await ask(`EXPLAIN SELECT o.id FROM offers o
      WHERE o.expires_at <= now() AND o.status IN ('active', 'paused') AND NOT 'status' = ANY (o.edited_fields)`);
    expect(JSON.stringify(plan)).toContain('offers_expiring');
  } finally {
    await database.drop();
  }
});
