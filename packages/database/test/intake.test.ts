import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  inTransaction,
  openDatabase,
  storeClicks,
  storeMessages,
  type ClickFact,
  type Database,
  type MessageFact,
} from '@trackly-tune/database';
import { createTestDatabase } from '@trackly-tune/testing';
import { sql } from 'kysely';

let db: Database;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const database = await createTestDatabase();
  const opened = openDatabase({ databaseUrl: database.url, name: 'intake-test' });
  db = opened.db;
  closers.push(opened.close, database.drop);
});
beforeEach(async () => {
  await sql`TRUNCATE messages, clicks, reopen_marks`.execute(db);
});
afterAll(async () => {
  for (const close of closers) await close();
});

const message = (messageId: string, rest: Partial<MessageFact> = {}): MessageFact => ({
  accountId: 'acc',
  messageId,
  creativeId: 'creative',
  offerId: null,
  campaignId: 'campaign',
  contactId: null,
  sentAt: new Date('2026-11-20T10:00:00.123Z'),
  ...rest,
});
const click = (clickId: string, rest: Partial<ClickFact> = {}): ClickFact => ({
  accountId: 'acc',
  clickId,
  messageId: 'aaaaaaaa',
  offerId: null,
  clickedAt: new Date('2026-11-20T11:00:00Z'),
  isBot: false,
  ...rest,
});
const takeMessages = (messages: readonly MessageFact[]) => inTransaction(db, (tx) => storeMessages(tx, messages));
const takeClicks = (clicks: readonly ClickFact[]) => inTransaction(db, (tx) => storeClicks(tx, clicks));
const marks = () =>
  db.selectFrom('reopen_marks').select(['account_id', 'kind', 'key']).orderBy('kind').orderBy('key').execute();

describe('storing messages', () => {
  test('tells new, repeated and differing records apart, within a call and against what is stored', async () => {
    await takeMessages([message('aaaaaaaa'), message('bbbbbbbb')]);
    const outcomes = await takeMessages([
      message('cccccccc'),
      message('aaaaaaaa'),
      message('bbbbbbbb', { creativeId: 'other' }),
      message('cccccccc'),
      message('cccccccc', { contactId: 'someone' }),
      message('bbbbbbbb'),
      message('aaaaaaaa', { accountId: 'other' }),
      message('AAAAAAAA'),
    ]);
    expect(outcomes).toEqual([
      'stored',
      'duplicate',
      'conflict',
      'duplicate',
      'conflict',
      'duplicate',
      'stored',
      'stored',
    ]);
    const kept = await db.selectFrom('messages').select('creative_id').where('message_id', '=', 'bbbbbbbb').execute();
    expect(kept).toEqual([{ creative_id: 'creative' }]);
  });

  test('compares every field, times to the millisecond', async () => {
    await takeMessages([message('aaaaaaaa')]);
    const differing: Partial<MessageFact>[] = [
      { creativeId: null },
      { offerId: 'x' },
      { campaignId: 'x' },
      { contactId: 'x' },
      { sentAt: new Date('2026-11-20T10:00:00.124Z') },
    ];
    for (const rest of differing) expect(await takeMessages([message('aaaaaaaa', rest)])).toEqual(['conflict']);
    expect(await takeMessages([message('aaaaaaaa')])).toEqual(['duplicate']);
  });

  test('leaves one mark for each message that is new, and none for the others', async () => {
    await takeMessages([message('aaaaaaaa'), message('aaaaaaaa')]);
    await takeMessages([message('aaaaaaaa'), message('aaaaaaaa', { creativeId: 'other' }), message('bbbbbbbb')]);
    expect(await marks()).toEqual([
      { account_id: 'acc', kind: 'message', key: 'aaaaaaaa' },
      { account_id: 'acc', kind: 'message', key: 'bbbbbbbb' },
    ]);
  });

  test('leaves nothing when its transaction fails', async () => {
    await expect(
      inTransaction(db, async (tx) => {
        await storeMessages(tx, [message('aaaaaaaa')]);
        throw new Error('too late');
      }),
    ).rejects.toThrow('too late');
    expect(await marks()).toEqual([]);
    expect(await takeMessages([message('aaaaaaaa')])).toEqual(['stored']);
  });
});

describe('storing clicks', () => {
  test('compares every field, and an opaque id may hold anything', async () => {
    const odd = 'an "odd" \\ id, ünï¢ødé';
    expect(await takeClicks([click(odd), click(odd, { isBot: true })])).toEqual(['stored', 'conflict']);
    const differing: Partial<ClickFact>[] = [
      { messageId: 'bbbbbbbb' },
      { offerId: 'x' },
      { isBot: true },
      { clickedAt: new Date('2026-11-20T11:00:00.001Z') },
    ];
    for (const rest of differing) expect(await takeClicks([click(odd, rest)])).toEqual(['conflict']);
    expect(await takeClicks([click(odd)])).toEqual(['duplicate']);
    expect(await marks()).toEqual([{ account_id: 'acc', kind: 'click', key: odd }]);
  });

  test('many calls with the same records at once store and mark each exactly once, without a deadlock', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `click-${index}`);
    const calls = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        takeClicks((turn % 2 === 0 ? ids : ids.toReversed()).map((id) => click(id))),
      ),
    );
    const outcomes = calls.flat();
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(ids.length);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(ids.length * 7);
    expect(await marks()).toHaveLength(ids.length);
  });

  test('of two differing records at once one is stored and the other is a conflict', async () => {
    const outcomes = await Promise.all([takeClicks([click('x')]), takeClicks([click('x', { isBot: true })])]);
    expect(outcomes.flat().sort()).toEqual(['conflict', 'stored']);
    expect(await marks()).toHaveLength(1);
  });
});
