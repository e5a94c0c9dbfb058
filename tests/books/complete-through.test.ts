import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startBooksWorld, type BooksWorld, type Connected } from './books-world.js';

let world: BooksWorld;
beforeAll(async () => {
  world = await startBooksWorld();
});
afterAll(() => world.close());

async function covered({ id }: Pick<Connected, 'id'>, through: string | null): Promise<void> {
  const coverage = {
    covered_through: through === null ? null : new Date(through),
    coverage_starts_at: new Date('2026-01-01T00:00:00Z'),
  };
  await world.db
    .insertInto('sync_schedules')
    .values({
      ...{ integration_id: id, kind: 'conversions', enabled: true, every_ms: 3_600_000, next_at: new Date() },
      ...coverage,
    })
    .onConflict((conflict) => conflict.columns(['integration_id', 'kind']).doUpdateSet(coverage))
    .execute();
}

async function completeThrough(scope: string): Promise<unknown> {
  const { status, body } = await world.call('GET', `/v1/revenue?${scope}&group_by=day`);
  expect(status).toBe(200);
  return body['complete_through'];
}

test('sums say up to when every integration in them has been pulled without a gap', async () => {
  const one = await world.connect();
  const ofAccount = `account_id=${one.accountId}`;
  expect(await completeThrough(ofAccount)).toBeNull();
  await covered(one, '2026-11-01T10:00:00Z');
  expect(await completeThrough(ofAccount)).toBe('2026-11-01T10:00:00.000Z');
  // Another one of the account that is behind, was never pulled, and is deleted at last.
  const other = await world.connect();
  await world.db
    .updateTable('integrations')
    .set({ account_id: one.accountId, affiliate_id: '99' })
    .where('id', '=', other.id)
    .execute();
  expect(await completeThrough(ofAccount)).toBeNull();
  await covered(other, '2026-10-01T10:00:00Z');
  expect(await completeThrough(ofAccount)).toBe('2026-10-01T10:00:00.000Z');
  expect(await completeThrough(`integration_id=${one.publicId}`)).toBe('2026-11-01T10:00:00.000Z');
  await world.db.updateTable('integrations').set({ deleted_at: new Date() }).where('id', '=', other.id).execute();
  expect(await completeThrough(ofAccount)).toBe('2026-11-01T10:00:00.000Z');
});

test('they say nothing of an account without integrations', async () => {
  expect(await completeThrough('account_id=nobody')).toBeNull();
});
