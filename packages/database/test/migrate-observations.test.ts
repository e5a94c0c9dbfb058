import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase, type Database } from '@trackly-tune/database';
import { openDatabaseBefore, type DatabaseBefore } from './database-before.js';

const THIS = '0014_observations_in_order.sql';

let database: DatabaseBefore;
let db: Database;
let close: () => Promise<void>;

/** Tables as they were before, with rows in them, and then migrated. */
beforeAll(async () => {
  database = await openDatabaseBefore(THIS);
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'migrate-observations.test' }));
  await sql`
    INSERT INTO clicks (account_id, click_id, message_id, clicked_at, received_at) VALUES
      ('acme', ' c-1', 'AAAAAAAA', '2026-05-01', '2026-05-01'), ('acme', E'c-1\r\n', 'BBBBBBBB', '2026-05-01', '2026-05-02'),
      ('acme', E'c-2\u00A0', 'CCCCCCCC', '2026-05-01', '2026-05-01'), ('acme', 'c-2', 'DDDDDDDD', '2026-05-01', '2026-05-01'),
      ('acme', 'c-3', 'EEEEEEEE', '2026-05-01', '2026-05-01'), ('acme', ' ', 'FFFFFFFF', '2026-05-01', '2026-05-01')`.execute(
    db,
  );
  await sql`
    WITH t AS (
      INSERT INTO transactions (integration_id, key) VALUES (1, 'ad:named'), (1, 'ad:numbered'), (1, 'ad:pulled')
      RETURNING id, key
    )
    INSERT INTO conversions (integration_id, account_id, tune_event_id, postback_key, transaction_id, settings_version,
      click_window_days, version, content_hash, observed_at, external_offer_id, goal_id, status, is_test, is_adjustment,
      payout_e5, currency, day, converted_at)
    SELECT 1, 'acme', CASE WHEN key = 'ad:pulled' THEN 'ev-1' END, CASE WHEN key <> 'ad:pulled' THEN key::bytea END, id, 1,
      90, 1, 'x', now(), '7', CASE key WHEN 'ad:numbered' THEN '46' ELSE 'LEAD' END, 'approved', false, false, 1, 'USD',
      '2026-05-01', now()
    FROM t`.execute(db);
  await database.apply(THIS);
});
afterAll(async () => {
  await close();
  await database.drop();
});

describe('tables that hold what earlier rules left behind', () => {
  test('get clicks under the ids that they should have had, each with a mark, and lose none', async () => {
    const { rows } = await sql<{ click_id: string; message_id: string }>`
      SELECT click_id, message_id FROM clicks ORDER BY click_id, message_id`.execute(db);
    expect(rows).toHaveLength(7);
    expect(rows.find(({ click_id }) => click_id === 'c-1')).toEqual({ click_id: 'c-1', message_id: 'AAAAAAAA' });
    expect(rows.find(({ click_id }) => click_id === 'c-2')).toEqual({ click_id: 'c-2', message_id: 'DDDDDDDD' });
    const marks = await sql<{ kind: string; key: string }>`SELECT kind, key FROM reopen_marks`.execute(db);
    expect(marks.rows).toEqual([{ kind: 'click', key: 'c-1' }]);
  });

  test('settle again the transactions whose postbacks gave a goal by name, and no others', async () => {
    const { rows } = await sql<{ key: string; later: boolean }>`
      SELECT key, not_before > clock_timestamp() AS later FROM transactions WHERE due_since IS NOT NULL`.execute(db);
    expect(rows).toEqual([{ key: 'ad:named', later: true }]);
  });
});
