import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createLogger } from '@trackly-tune/service-runtime';
import { toPublicId } from '@trackly-tune/domain';
import { warnOfPublicUrl } from '../src/resources/postbacks/steps/warn-of-public-url.js';
import { startApiWorld, type ApiWorld } from './api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.close());

async function addOffer(networkId: string): Promise<{ integration: string; offer: string }> {
  const { rows } = await sql<{ id: bigint; integration_id: bigint }>`
    WITH added AS (
      INSERT INTO integrations (account_id, network_id, affiliate_id, name, base_url, network_token_sealed,
        network_token_hint, time_zone_source, currency_source)
      VALUES ('acme', ${networkId}, '3', 'Demo', 'https://clicks.example.com', 'sealed', 'hint', 'given', 'given')
      RETURNING id),
    settings AS (
      INSERT INTO integration_settings (integration_id, version, message_id_field, click_id_field, click_window_days,
        time_zone, default_currency)
      SELECT id, 1, 'aff_sub', NULL, 90, 'America/New_York', 'EUR' FROM added)
    INSERT INTO offers (integration_id, external_id, name, tracking_url, status)
    SELECT id, '7', 'An offer', 'https://x.example.com', 'active' FROM added RETURNING id, integration_id`.execute(
    world.db,
  );
  const [row] = rows as [{ id: bigint; integration_id: bigint }];
  return { offer: toPublicId('offer', row.id), integration: toPublicId('integration', row.integration_id) };
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
