import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listSealedSecrets, openDatabase, replaceSealedSecrets, type Database } from '@trackly-tune/database';
import { runRotateKeys } from '@trackly-tune/operator-commands';
import { createKeyRing, postbackSecretContext, tokenContext, type KeyRing } from '@trackly-tune/service-runtime';
import { createTestDatabase } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { reencryptSecrets } from '../src/reencrypt-secrets.js';

const INTEGRATIONS = 7;
const oldKey = { id: 'old', key: Buffer.alloc(32, 1) };
const newKey = { id: 'new', key: Buffer.alloc(32, 2) };
const oldRing = createKeyRing([oldKey]);
const bothRing = createKeyRing([newKey, oldKey]);
const newRing = createKeyRing([newKey]);
const variable = (...keys: { id: string; key: Buffer }[]): string =>
  keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');

let db: Database;
let databaseUrl: string;
const closers: (() => Promise<void>)[] = [];
const said: string[] = [];
const keep = (line: string): void => void said.push(line);
const output = { say: keep, complain: keep };

beforeAll(async () => {
  const database = await createTestDatabase();
  const opened = openDatabase({ databaseUrl: database.url, name: 'rotate-keys-test', connectionsMax: 4 });
  db = opened.db;
  databaseUrl = database.url;
  closers.push(opened.close, database.drop);
  await seed();
});
afterAll(async () => {
  for (const close of closers) await close();
});

/** Integrations with an offer and a postback secret each. */
async function seed(): Promise<void> {
  for (let id = 1n; id <= BigInt(INTEGRATIONS); id++) {
    await sql`INSERT INTO integrations (id, account_id, network_id, affiliate_id, name, base_url, network_token_sealed,
        network_token_hint, time_zone_source, currency_source)
      VALUES (${id}, 'acc', 'net', ${String(id)}, 'n', 'https://t.example', '', 'oken', 'given', 'given')`.execute(db);
    await sql`WITH offer AS (
        INSERT INTO offers (integration_id, external_id, name, tracking_url, currency, status)
        VALUES (${id}, ${String(id)}, 'o', 'https://t.example', 'USD', 'active') RETURNING id)
      INSERT INTO postback_secrets (offer_id, secret_hash, secret_sealed) SELECT id, '\\x00', '' FROM offer`.execute(
      db,
    );
  }
}

/** All secrets sealed by one key ring, as they were before the rotation. */
async function sealAll(ring: KeyRing): Promise<void> {
  for (const [kind, plain, contextOf] of [
    ['network_tokens', 'NETtoken', tokenContext],
    ['postback_secrets', 'secret of ', postbackSecretContext],
  ] as const) {
    const rows = await listSealedSecrets(db, kind, { afterId: 0n, limit: 100 });
    await replaceSealedSecrets(
      db,
      kind,
      rows.map(({ id, ownerId, sealed }) => ({ id, from: sealed, to: ring.seal(`${plain}${id}`, contextOf(ownerId)) })),
    );
  }
}

beforeEach(async () => {
  said.length = 0;
  await sealAll(oldRing);
});

async function openAll(ring: KeyRing): Promise<string[]> {
  const tokens = await listSealedSecrets(db, 'network_tokens', { afterId: 0n, limit: 100 });
  const secrets = await listSealedSecrets(db, 'postback_secrets', { afterId: 0n, limit: 100 });
  return [
    ...tokens.map(({ ownerId, sealed }) => ring.open(sealed, tokenContext(ownerId))),
    ...secrets.map(({ ownerId, sealed }) => ring.open(sealed, postbackSecretContext(ownerId))),
  ];
}

describe('rotating the encryption keys', () => {
  test('leaves every token and postback secret readable by the new key alone, and shows none of them', async () => {
    const before = await openAll(oldRing);
    expect(await runRotateKeys({ DATABASE_URL: databaseUrl, ENCRYPTION_KEYS: variable(newKey, oldKey) }, output)).toBe(
      0,
    );
    expect(await openAll(newRing)).toEqual(before);
    expect(said).toEqual([
      `network_tokens: ${INTEGRATIONS} looked at, ${INTEGRATIONS} re-encrypted, 0 changed meanwhile, 0 unreadable`,
      `postback_secrets: ${INTEGRATIONS} looked at, ${INTEGRATIONS} re-encrypted, 0 changed meanwhile, 0 unreadable`,
      'Everything is sealed by the key "new".',
    ]);
    expect(said.join('\n')).not.toMatch(/NETtoken|secret of/);
  });

  test('writes nothing when it is run again', async () => {
    await reencryptSecrets(db, bothRing, 'network_tokens', 3);
    const before = await listSealedSecrets(db, 'network_tokens', { afterId: 0n, limit: 100 });
    expect(await reencryptSecrets(db, bothRing, 'network_tokens', 3)).toMatchObject({
      looked: INTEGRATIONS,
      reencrypted: 0,
    });
    expect(await listSealedSecrets(db, 'network_tokens', { afterId: 0n, limit: 100 })).toEqual(before);
  });

  test('run three times at once, seals each secret once', async () => {
    const counts = await Promise.all([1, 2, 3].map(() => reencryptSecrets(db, bothRing, 'network_tokens', 2)));
    expect(counts.reduce((sum, { reencrypted }) => sum + reencrypted, 0)).toBe(INTEGRATIONS);
    expect((await openAll(bothRing)).length).toBe(2 * INTEGRATIONS);
  });

  test('keeps a token that somebody changed since it was read', async () => {
    const [read] = await listSealedSecrets(db, 'network_tokens', { afterId: 0n, limit: 1 });
    if (read === undefined) throw new Error('nothing is stored');
    const changed = newRing.seal('NETchanged', tokenContext(read.ownerId));
    await sql`UPDATE integrations SET network_token_sealed = ${changed} WHERE id = ${read.id}`.execute(db);
    const stale = { id: read.id, from: read.sealed, to: newRing.seal('NETstale', tokenContext(read.ownerId)) };
    expect(await replaceSealedSecrets(db, 'network_tokens', [stale])).toBe(0);
    expect(await openAll(bothRing)).toContain('NETchanged');
  });

  test('fails, names the owner and keeps the rest when a key is not there', async () => {
    const lost = createKeyRing([{ id: 'lost', key: Buffer.alloc(32, 3) }]);
    await sql`UPDATE integrations SET network_token_sealed = ${lost.seal('x', tokenContext(1n))} WHERE id = 1`.execute(
      db,
    );
    expect(await runRotateKeys({ DATABASE_URL: databaseUrl, ENCRYPTION_KEYS: variable(newKey, oldKey) }, output)).toBe(
      1,
    );
    expect(said).toContain('network_tokens of int_1: unknown_encryption_key');
    expect(await reencryptSecrets(db, bothRing, 'network_tokens')).toMatchObject({ reencrypted: 0, unreadable: [{}] });
  });

  test('refuses an environment without keys with exit code 78', async () => {
    expect(await runRotateKeys({ DATABASE_URL: databaseUrl }, output)).toBe(78);
  });
});
