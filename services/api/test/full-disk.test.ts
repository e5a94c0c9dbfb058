import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startApiWorld, type ApiWorld } from './api-world.js';

let world: ApiWorld;

beforeAll(async () => {
  world = await startApiWorld();
  await sql`CREATE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = TG_ARGV[0]; END $$`.execute(
    world.db,
  );
});
afterAll(() => world.close());

/** From now on PostgreSQL refuses to write messages as it does when it cannot write at all. */
async function refuseWrites(sqlState: string): Promise<void> {
  await sql`CREATE TRIGGER refuse BEFORE INSERT ON messages
    EXECUTE FUNCTION refuse_writes(${sql.lit(sqlState)})`.execute(world.db);
}
const allowWrites = () => sql`DROP TRIGGER refuse ON messages`.execute(world.db);

const sent = {
  records: [{ account_id: 'acme', message_id: 'diskfull', sent_at: '2026-11-20T10:00:00Z' }],
};

test.each([
  ['53100', 'a full disk'],
  ['25006', 'a database that only reads'],
  ['53200', 'no memory'],
])(
  'SQLSTATE %s (%s) is 503 store_unavailable with Retry-After, nothing is stored, and the same request works later',
  async (sqlState) => {
    await sql`DELETE FROM messages WHERE message_id = 'diskfull'`.execute(world.db);
    await refuseWrites(sqlState);
    const options = { payload: sent, headers: { 'idempotency-key': `full-disk-${sqlState}` } };
    const refused = await world.call('POST', '/v1/messages', options);
    expect(refused).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.stringify(refused.body)).not.toContain('No space left');
    await allowWrites();
    expect(await world.call('POST', '/v1/messages', options)).toMatchObject({
      status: 200,
      body: { success_count: 1, duplicates_skipped: 0 },
    });
  },
);
