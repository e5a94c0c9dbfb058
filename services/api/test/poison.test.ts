import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toPublicId } from '@trackly-tune/domain';
import { createLogger } from '@trackly-tune/service-runtime';
import { addIntegration, refuseRows } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { seedOffer } from '../../../packages/database/test/seed-books.js';
import { createRefusalCounts } from '../src/resources/postbacks/intake/refusal-counts.js';
import { sweepAnswers } from '../src/http/sweep-answers.js';
import { startApiWorld, type ApiWorld } from './api-world.js';

const HOUR_MS = 3_600_000;

let world: ApiWorld;
let integrationId: bigint;
beforeAll(async () => {
  world = await startApiWorld();
  integrationId = (await addIntegration(world.db, { accountId: 'acme', affiliateId: '7' })).id;
});
afterAll(() => world.close());

describe('one poison item stops no neighbour and is reported', () => {
  test('a postback that cannot be stored, among many at once', async () => {
    const offerId = await seedOffer(world.db, integrationId, 'poison-1');
    const config = await world.call('GET', `/v1/offers/${toPublicId('offer', offerId)}/postback-config`);
    const url = new URL(config.body['url'] as string);
    const fire = (txnId: string) => {
      const called = new URL(url);
      for (const [name, value] of Object.entries({ txn_id: txnId, affiliate_id: '7', revenue: '1' })) {
        called.searchParams.set(name, value);
      }
      return world.call('GET', `${called.pathname}${called.search}`, { key: null });
    };
    const remove = await refuseRows(world.databaseUrl, {
      ...{ table: 'postbacks', on: 'INSERT', when: "NEW.said ->> 'txn_id' = 'bad'" },
    });
    const replies = await Promise.all(['a', 'b', 'bad', 'c', 'd'].map(fire));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200]);
    // TUNE sends it again; then it is taken.
    await remove();
    expect(await fire('bad')).toMatchObject({ status: 200, body: { status: 'accepted' } });
  });

  test('a count of refused deliveries that cannot be written, and one that cannot be forgotten', async () => {
    const [bad, good] = [
      await seedOffer(world.db, integrationId, 'p-2'),
      await seedOffer(world.db, integrationId, 'p-3'),
    ];
    const lines: string[] = [];
    const log = createLogger({
      ...{ service: 'test', level: 'info', destination: { write: (line: string) => void lines.push(line) } },
    });
    let now = Date.now();
    const counts = createRefusalCounts(world.db, () => now, log);
    const written = async (offerId: bigint) => {
      const { rows } = await sql<{ count: string }>`
        SELECT coalesce(sum(count), 0)::text AS count FROM postback_counts WHERE offer_id = ${offerId}`.execute(
        world.db,
      );
      return rows[0]?.count;
    };
    const refuseWriting = await refuseRows(world.databaseUrl, {
      ...{ table: 'postback_counts', on: 'INSERT', when: `NEW.offer_id = ${bad}` },
    });
    await sql`INSERT INTO postback_counts (offer_id, code, minute, count) VALUES
      (${good}, 'old', date_trunc('minute', now()) - interval '40 days', 5),
      (NULL, 'unforgettable', date_trunc('minute', now()) - interval '41 days', 5)`.execute(world.db);
    const refuseForgetting = await refuseRows(world.databaseUrl, {
      ...{ table: 'postback_counts', on: 'DELETE', when: "OLD.code = 'unforgettable'" },
    });
    for (const offerId of [bad, good, good]) counts.add(offerId, 'secret_wrong');
    await counts.flush();
    now += HOUR_MS;
    await counts.forget();
    await counts.flush();
    expect([await written(good), await written(bad)]).toEqual(['2', '0']);
    const { rows: old } = await sql`SELECT code FROM postback_counts WHERE code IN ('old', 'unforgettable')`.execute(
      world.db,
    );
    expect(old).toEqual([{ code: 'unforgettable' }]);
    expect(lines.filter((line) => line.includes('a count of postbacks was parked'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('could not be forgotten'))).toHaveLength(1);
    await refuseWriting();
    await refuseForgetting();
    now += HOUR_MS;
    await counts.forget();
    await counts.close();
    expect([await written(good), await written(bad)]).toEqual(['2', '1']);
  });

  test('a kept answer that cannot be forgotten', async () => {
    await sql`INSERT INTO idempotency_keys (api_key_name, route, key, request_hash, response_status, response_body,
        created_at)
      SELECT 'all', 'POST /x', n::text, 'h', 200, '{}', clock_timestamp() - interval '2 days' + n * interval '1 second'
      FROM generate_series(1, 20) AS n`.execute(world.db);
    const remove = await refuseRows(world.databaseUrl, {
      table: 'idempotency_keys',
      on: 'DELETE',
      when: "OLD.key = '1'",
    });
    const failed: string[] = [];
    await sweepAnswers(world.db, new AbortController().signal, ({ key }) => failed.push(key));
    const { rows } = await sql`SELECT key FROM idempotency_keys WHERE route = 'POST /x'`.execute(world.db);
    expect({ rows, failed }).toEqual({ rows: [{ key: '1' }], failed: ['1'] });
    await remove();
  });
});
