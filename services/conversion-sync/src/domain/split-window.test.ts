import { describe, expect, test } from '@jest/globals';
import { splitWindow } from './split-window.js';

describe('splitting a window', () => {
  test('of a day into halves and into hours leaves nothing out and holds nothing twice', () => {
    expect(splitWindow('2026-03-01 00:00:00', '2026-03-01 23:59:59')).toEqual([
      ['2026-03-01 00:00:00', '2026-03-01 11:59:59'],
      ['2026-03-01 12:00:00', '2026-03-01 23:59:59'],
    ]);
    const hours = splitWindow('2026-03-01 00:00:00', '2026-03-01 23:59:59', 24) ?? [];
    expect(hours).toHaveLength(24);
    expect(hours[0]).toEqual(['2026-03-01 00:00:00', '2026-03-01 00:59:59']);
    expect(hours[23]).toEqual(['2026-03-01 23:00:00', '2026-03-01 23:59:59']);
  });

  test('joins its pieces second by second, whatever their number', () => {
    for (let pieces = 2; pieces < 60; pieces++) {
      const windows = splitWindow('2026-03-01 00:00:00', '2026-03-02 23:59:59', pieces) ?? [];
      expect(windows).toHaveLength(pieces);
      windows.slice(1).forEach(([from], index) => {
        const before = windows[index]?.[1] ?? '';
        expect(Date.parse(`${from.replace(' ', 'T')}Z`) - Date.parse(`${before.replace(' ', 'T')}Z`)).toBe(1000);
      });
    }
  });

  test('of an hour or less is refused', () => {
    expect(splitWindow('2026-03-01 00:00:00', '2026-03-01 00:59:59')).toBeNull();
    expect(splitWindow('2026-03-01 00:00:00', '2026-03-01 01:00:00')).not.toBeNull();
  });
});
