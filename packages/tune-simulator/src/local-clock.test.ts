import { expect, test } from '@jest/globals';
import { createZoneClock, formatTime, parseTime } from './local-clock.js';

const local = (zone: string, instant: string) => formatTime(createZoneClock(zone).toLocal(Date.parse(instant)));

test('local times are those of the zone on both sides of its clock changes', () => {
  expect(local('America/New_York', '2026-03-08T06:59:59Z')).toBe('2026-03-08 01:59:59');
  expect(local('America/New_York', '2026-03-08T07:00:00Z')).toBe('2026-03-08 03:00:00');
  expect(local('America/New_York', '2026-11-01T05:59:59Z')).toBe('2026-11-01 01:59:59');
  expect(local('America/New_York', '2026-11-01T06:00:00Z')).toBe('2026-11-01 01:00:00');
  expect(local('Australia/Lord_Howe', '2026-04-04T15:00:00Z')).toBe('2026-04-05 01:30:00');
  expect(local('Asia/Kathmandu', '2026-04-04T00:00:00Z')).toBe('2026-04-04 05:45:00');
});

test('only the documented forms are times', () => {
  expect(parseTime('2026-05-01', 'end')! - parseTime('2026-05-01 00:00:00')!).toBe(86_399);
  for (const text of ['2026-05-01T00:00:00Z', '2026-02-30', '0000-00-00 00:00:00', 'today', '2026-05-01 24:00:00']) {
    expect(parseTime(text)).toBeNull();
  }
});
