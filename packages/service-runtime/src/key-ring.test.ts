import { describe, expect, test } from '@jest/globals';
import { createKeyRing } from './key-ring.js';

const [old, fresh] = [
  { id: 'old', key: Buffer.alloc(32, 1) },
  { id: 'fresh', key: Buffer.alloc(32, 2) },
];
const ring = createKeyRing([fresh, old]);

describe('the key ring', () => {
  test.each(['NETAbc123', '', 'ünï ©', 'x'.repeat(10_000)])('opens what it sealed (%#)', (text) => {
    expect(ring.open(ring.seal(text, 'row 1'), 'row 1')).toBe(text);
  });

  test('seals the same text differently each time, and shows none of it', () => {
    const [first, second] = [ring.seal('NETAbc123', 'row 1'), ring.seal('NETAbc123', 'row 1')];
    expect(first).toMatch(/^v1\.fresh\.[\w-]{16}\.[\w-]+$/);
    expect(first).not.toBe(second);
    expect(first).not.toContain('NETAbc123');
  });

  test('refuses a text that was moved to another row', () => {
    const sealed = ring.seal('NETAbc123', 'row 1');
    expect(() => ring.open(sealed, 'row 2')).toThrow(expect.objectContaining({ code: 'decryption_failed' }));
  });

  test('refuses a text of which any character was changed, cut or added', () => {
    const sealed = ring.seal('NETAbc123', 'row 1');
    const body = sealed.lastIndexOf('.') + 1;
    for (let at = body; at < sealed.length - 1; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(() => ring.open(changed, 'row 1')).toThrow(expect.objectContaining({ code: 'decryption_failed' }));
    }
    for (const broken of [
      '',
      'v1',
      'v2' + sealed.slice(2),
      sealed.slice(0, body),
      `${sealed}.x`,
      sealed.slice(0, body + 8),
    ]) {
      expect(() => ring.open(broken, 'row 1')).toThrow(expect.objectContaining({ code: 'decryption_failed' }));
    }
  });

  test('opens what an older key sealed, and says that it should be sealed again', () => {
    const sealed = createKeyRing([old]).seal('NETAbc123', 'row 1');
    expect(ring.open(sealed, 'row 1')).toBe('NETAbc123');
    expect(ring.needsReencryption(sealed)).toBe(true);
    expect(ring.needsReencryption(ring.seal('NETAbc123', 'row 1'))).toBe(false);
  });

  test('names the key that is missing', () => {
    const sealed = createKeyRing([fresh]).seal('NETAbc123', 'row 1');
    const attempt = (): string => createKeyRing([old]).open(sealed, 'row 1');
    expect(attempt).toThrow(expect.objectContaining({ code: 'unknown_encryption_key' }));
    expect(attempt).toThrow('fresh');
    expect(() => createKeyRing([])).toThrow(expect.objectContaining({ code: 'unknown_encryption_key' }));
  });
});
