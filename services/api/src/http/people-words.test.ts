import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { describeRefused } from './describe-invalid.js';
import { speakPeopleWords } from './people-words.js';

speakPeopleWords();

function said(schema: z.ZodType, given: unknown): string[] {
  const read = schema.safeParse(given);
  if (read.success) return [];
  const refused = read.error.issues.map((issue) => ({
    path: issue.path,
    message: issue.message,
    unknownKeys: issue.code === 'unrecognized_keys' ? issue.keys : undefined,
  }));
  return describeRefused(refused, given, { whole: 'body' }).map(({ path, message }) => `${path} ${message}`);
}

describe('what a schema refuses is said in people’s words', () => {
  test.each([
    [z.object({ name: z.string() }), {}, ['name is required']],
    [z.object({ name: z.string() }), { name: 5 }, ['name must be text, not 5']],
    [z.object({ name: z.string().max(3) }), { name: 'abcd' }, ['name must have at most 3 characters, not "abcd"']],
    [z.object({ name: z.string().min(1) }), { name: '' }, ['name must not be empty, not ""']],
    [z.object({ n: z.int() }), { n: 1.5 }, ['n must be a whole number, not 1.5']],
    [z.object({ n: z.number().min(2) }), { n: 1 }, ['n must be at least 2, not 1']],
    [z.object({ n: z.number() }), { n: null }, ['n must be a number, not null']],
    [z.object({ on: z.boolean() }), { on: 'yes' }, ['on must be true or false, not "yes"']],
    [z.object({ of: z.enum(['a', 'b', 'c']) }), { of: 'd' }, ['of must be one of a, b or c, not "d"']],
    [z.object({ of: z.literal('a') }), { of: 'd' }, ['of must be a, not "d"']],
    [z.object({ all: z.array(z.string()).max(1) }), { all: ['a', 'b'] }, ['all must have at most 1 entry, not a list']],
    [z.object({ all: z.array(z.string()) }), { all: ['a', 2] }, ['all.1 must be text, not 2']],
    [z.object({ map: z.record(z.string(), z.string()) }), { map: [] }, ['map must be an object, not a list']],
    [z.strictObject({ a: z.string() }), { a: 'x', b: 1, c: 2 }, ['b is not a known field', 'c is not a known field']],
    [z.object({}), 'text', ['body must be an object']],
  ])('%#', (schema, given, expected) => {
    expect(said(schema, given)).toEqual(expected);
  });

  test('what may be a secret is never said again, and what is long is cut', () => {
    const schema = z.object({ network_token: z.string().max(3), postback_secret: z.int(), text: z.string().max(3) });
    const given = { network_token: 'NETsecret', postback_secret: 's3cret', text: 'x'.repeat(500) };
    const text = said(schema, given).join('\n');
    expect(text).not.toMatch(/NETsecret|s3cret/);
    expect(text.length).toBeLessThan(250);
  });
});
