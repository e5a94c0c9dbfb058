import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createLogger } from '@trackly-tune/service-runtime';
import { toPublicId } from '@trackly-tune/domain';
import { addIntegration } from '@trackly-tune/testing';
import { warnOfPublicUrl } from '../src/resources/postbacks/steps/warn-of-public-url.js';
import { startApiWorld, type ApiWorld } from './api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.close());

async function addOffer(networkId: string): Promise<{ integration: string; offer: string }> {
  const { id } = await addIntegration(world.db, { accountId: 'acme', networkId, clickIdField: null, currency: 'EUR' });
  const { rows } = await sql<{ id: bigint }>`
    INSERT INTO offers (integration_id, external_id, name, tracking_url, status)
    VALUES (${id}, '7', 'An offer', 'https://x.example.com', 'active') RETURNING id`.execute(world.db);
  return { offer: toPublicId('offer', rows[0]?.id ?? 0n), integration: toPublicId('integration', id) };
}

/** What a start says in the log. */
async function said(publicUrl: string): Promise<{ code: string; integrations: string[]; level: number }[]> {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'api',
    level: 'info',
    destination: { write: (line: string) => void lines.push(line) },
  });
  await warnOfPublicUrl({ db: world.db, logger, publicUrl });
  return lines.map((line) => JSON.parse(line) as { code: string; integrations: string[]; level: number });
}

describe('an address that TUNE cannot reach', () => {
  test('is no matter while nobody was shown a postback URL', async () => {
    await addOffer('quiet');
    expect(await said('http://127.0.0.1:3000')).toEqual([]);
  });

  test('is a warning in the answer that shows the URL, and in the log for the integrations that were shown one', async () => {
    const { integration, offer } = await addOffer('shown');
    const { body } = await world.call('GET', `/v1/offers/${offer}/postback-config`);
    expect(body['url']).toMatch(/^http:\/\/127\.0\.0\.1:3000\/conv\/offer\?/);
    expect(body['warnings']).toMatchObject([{ code: 'public_url_loopback' }]);
    expect(JSON.stringify(body['warnings'])).toContain('Set PUBLIC_URL');
    expect(await said('http://127.0.0.1:3000')).toMatchObject([
      { code: 'public_url_loopback', integrations: [integration] },
    ]);
    expect(await said('https://in.example.com')).toEqual([]);
  });
});
