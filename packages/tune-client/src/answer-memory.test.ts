import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { createAnswerMemory } from './answer-memory.js';
import { AnswerMeter } from './answer-meter.js';
import { readBody } from './read-body.js';

const BLOCK = 64 * 1024;

test('the largest answer gives way, whosever piece it was that did not fit', () => {
  const memory = createAnswerMemory(4 * BLOCK);
  const givenUp: string[] = [];
  const large = memory.hold(() => void givenUp.push('large'));
  const small = memory.hold(() => void givenUp.push('small'));
  for (let taken = 0; taken < 3; taken++) expect(large.take()).not.toBeNull();
  expect(small.take()).not.toBeNull();
  expect(memory.held()).toBe(4 * BLOCK);
  expect(small.take()).not.toBeNull();
  expect(givenUp).toEqual(['large']);
  expect(large.take()).toBeNull();
  expect(memory.held()).toBe(2 * BLOCK);
  // The one that does not fit is itself the largest.
  const third = memory.hold(() => void givenUp.push('third'));
  third.take();
  expect([small.take(), small.take()]).toContain(null);
  expect(givenUp).toEqual(['large', 'small']);
  for (const held of [large, small, third]) held.release();
  expect(memory.held()).toBe(0);
});

test('blocks go to another answer only when nobody writes to them any more', () => {
  const memory = createAnswerMemory(2 * BLOCK);
  const first = memory.hold(() => undefined);
  const mine = first.take();
  first.take();
  const second = memory.hold(() => undefined);
  const theirs = second.take();
  expect(theirs).not.toBeNull();
  expect(theirs).not.toBe(mine);
  first.release();
  first.release();
  const third = memory.hold(() => undefined);
  expect(third.take()?.length).toBe(BLOCK);
});

test('bodies that are read at once, in pieces of any size and with too little memory, never mix', async () => {
  const text = fc.tuple(fc.constantFrom('a', 'ü', '"x",', '😀'), fc.integer({ min: 0, max: 120_000 }));
  const body = fc.record({ text, piece: fc.integer({ min: 500, max: 70_000 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(body, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 12 }),
      async (all, blocks) => {
        const memory = createAnswerMemory(blocks * BLOCK);
        const read = all.map(async ({ text: [unit, length], piece }) => {
          const whole = unit.repeat(length);
          const bytes = Buffer.from(whole);
          const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
            Buffer.from(bytes.subarray(at * piece, (at + 1) * piece)),
          );
          const held = memory.hold(() => undefined);
          const options = { bytesMax: 10_000_000, valuesMax: 1_000_000, held };
          const seen = await readBody(Readable.from(pieces), options).catch((error: unknown) => error);
          held.release();
          return typeof seen === 'string' ? seen === whole : (seen as { code: string }).code === 'memory_full';
        });
        expect(await Promise.all(read)).not.toContain(false);
        expect(memory.held()).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test('values and levels are counted over pieces, and only outside of texts', () => {
  const count = (json: string, valuesMax: number, piece = 3): unknown => {
    const meter = new AnswerMeter(valuesMax);
    const bytes = Buffer.from(json);
    try {
      for (let at = 0; at < bytes.length; at += piece) meter.add(bytes.subarray(at, at + piece));
      return 'fits';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(count('[1,2,3]', 3)).toBe('fits');
  expect(count('[1,2,3,4]', 3)).toBe('response_too_large');
  for (const piece of [1, 2, 7]) expect(count('["a,b,[{\\"\\\\",2]', 2, piece)).toBe('fits');
  expect(count('{}'.repeat(4), 3)).toBe('response_too_large');
  expect(count(`${'['.repeat(100)}${']'.repeat(100)}`, 1_000)).toBe('fits');
  expect(count(`${'['.repeat(101)}${']'.repeat(101)}`, 1_000)).toBe('not_tune');
});
