import { describe, expect, test } from '@jest/globals';
import { checkWindow, planWindow } from './plan-window.js';

const NOW = new Date('2026-11-23T03:00:00Z'); // 22:00 of the 22nd in New York

describe('the window of a pull', () => {
  test('looks seven days back and ends with tomorrow, in the zone of the network', () => {
    expect(planWindow(NOW, NOW, 'America/New_York')).toMatchObject({
      from: '2026-11-15',
      to: '2026-11-23',
      widened: false,
    });
    expect(planWindow(NOW, NOW, 'Asia/Tokyo')).toMatchObject({ from: '2026-11-16', to: '2026-11-24', widened: false });
  });

  test('starts at what is covered when that is earlier, so that an outage leaves no hole', () => {
    const covered = new Date('2026-10-01T12:00:00Z');
    expect(planWindow(NOW, covered, 'UTC')).toMatchObject({ from: '2026-10-01', widened: true, cutOff: false });
  });

  test('reaches no further back than 762 days, and says that something is cut off', () => {
    const plan = planWindow(NOW, new Date('2020-01-01T00:00:00Z'), 'UTC');
    expect(plan).toMatchObject({ from: '2024-10-22', widened: true, cutOff: true });
  });

  test('as moments it holds whole days, also where the clock changes', () => {
    const { coversFrom, coversTo } = planWindow(new Date('2026-11-03T12:00:00Z'), NOW, 'America/New_York');
    expect([coversFrom.toISOString(), coversTo.toISOString()]).toEqual([
      '2026-10-27T04:00:00.000Z',
      '2026-11-05T05:00:00.000Z',
    ]);
  });

  test.each([
    ['2026-11-02', '2026-11-01', 'from_after_to'],
    ['2024-10-21', '2026-11-01', 'too_far_back'],
    ['2026-11-25', '2026-11-26', 'in_the_future'],
    ['2024-10-22', '2026-11-23', null],
    ['2026-11-23', '2026-11-23', null],
  ])('%s to %s: %s', (from, to, problem) => {
    expect(checkWindow(from, to, NOW, 'UTC')).toBe(problem);
  });
});
