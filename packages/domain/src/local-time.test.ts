import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  dayOf,
  daysBetween,
  isDay,
  isLocalText,
  isTimeZone,
  locateLocalTime,
  startOfDay,
} from './local-time.js';

describe('local times of a network', () => {
  test.each([
    // New York goes forward on 8 March 2026 at 02:00 and back on 1 November 2026 at 02:00.
    ['America/New_York', '2026-03-08 01:59:59', '2026-03-08T06:59:59.000Z', null],
    ['America/New_York', '2026-03-08 02:00:00', '2026-03-08T07:00:00.000Z', 'nonexistent'],
    ['America/New_York', '2026-03-08 02:30:00', '2026-03-08T07:30:00.000Z', 'nonexistent'],
    ['America/New_York', '2026-03-08 03:00:00', '2026-03-08T07:00:00.000Z', null],
    ['America/New_York', '2026-11-01 00:59:59', '2026-11-01T04:59:59.000Z', null],
    ['America/New_York', '2026-11-01 01:00:00', '2026-11-01T05:00:00.000Z', 'ambiguous'],
    ['America/New_York', '2026-11-01 01:59:59', '2026-11-01T05:59:59.000Z', 'ambiguous'],
    ['America/New_York', '2026-11-01 02:00:00', '2026-11-01T07:00:00.000Z', null],
    // Lord Howe Island moves by half an hour: forward on 4 October 2026, back on 5 April 2026, both at 02:00.
    ['Australia/Lord_Howe', '2026-10-04 02:15:00', '2026-10-03T15:45:00.000Z', 'nonexistent'],
    ['Australia/Lord_Howe', '2026-10-04 02:30:00', '2026-10-03T15:30:00.000Z', null],
    ['Australia/Lord_Howe', '2026-04-05 01:29:59', '2026-04-04T14:29:59.000Z', null],
    ['Australia/Lord_Howe', '2026-04-05 01:30:00', '2026-04-04T14:30:00.000Z', 'ambiguous'],
    ['Australia/Lord_Howe', '2026-04-05 02:00:00', '2026-04-04T15:30:00.000Z', null],
    ['Asia/Kolkata', '2026-11-23 12:00:00', '2026-11-23T06:30:00.000Z', null],
  ])('%s %s is %s (%s)', (zone, text, at, flag) => {
    const located = locateLocalTime(text, zone);
    expect([located.at.toISOString(), located.flag]).toEqual([at, flag]);
    expect(locateLocalTime(text, zone)).toEqual(located);
  });

  test('every moment of two years is found again from its local text, unless the hour exists twice', () => {
    const zones = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Singapore', 'Europe/Berlin', 'Pacific/Apia', 'UTC'];
    const moment = fc.integer({ min: Date.UTC(2025, 0, 1) / 1000, max: Date.UTC(2027, 0, 1) / 1000 });
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (seconds, zone) => {
        const at = new Date(seconds * 1000);
        const text = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        }).format(at);
        const located = locateLocalTime(text, zone);
        if (located.flag === null) expect(located.at).toEqual(at);
        else expect(located.at.getTime()).toBeLessThanOrEqual(at.getTime());
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    '0000-00-00 00:00:00',
    '2026-02-30 10:00:00',
    '2026-01-01T10:00:00Z',
    '2026-01-01',
    '',
    '2026-01-01 24:00:00',
  ])('%j is no local time', (text) => {
    expect(isLocalText(text)).toBe(false);
    expect(() => locateLocalTime(text, 'UTC')).toThrow(RangeError);
  });

  test('at the edges, every local time is a moment of four-digit years in every zone, or none in any', () => {
    const zones = ['Etc/GMT+12', 'America/New_York', 'UTC', 'Asia/Kolkata', 'Pacific/Kiritimati'];
    for (const text of ['1970-01-01 00:00:00', '9999-12-30 23:59:59']) {
      expect(isLocalText(text)).toBe(true);
      for (const zone of zones) {
        const { at } = locateLocalTime(text, zone);
        expect(at.toISOString()).toMatch(/^\d{4}-/);
        expect(dayOf(at, zone)).toBe(text.slice(0, 10));
      }
    }
    for (const text of ['9999-12-31 00:00:00', '9999-12-31 23:59:59', '10000-01-01 00:00:00', '1969-12-31 23:59:59']) {
      expect(isLocalText(text)).toBe(false);
      for (const zone of zones) expect(() => locateLocalTime(text, zone)).toThrow(RangeError);
    }
    // Days are asked for by people, who write the last one for "no end".
    expect(['1970-01-01', '9999-12-31', '0000-01-01', '10000-01-01'].map(isDay)).toEqual([true, true, false, false]);
  });

  test('any text that is a local time is placed, and nothing else is', () => {
    const number = (max: number, digits: number) => fc.nat({ max }).map((n) => String(n).padStart(digits, '0'));
    const parts = fc.tuple(
      number(10_000, 4),
      number(13, 2),
      number(32, 2),
      number(24, 2),
      number(60, 2),
      number(60, 2),
    );
    fc.assert(
      fc.property(parts, fc.constantFrom('America/New_York', 'Pacific/Kiritimati', 'UTC'), (p, zone) => {
        const text = `${p[0]}-${p[1]}-${p[2]} ${p[3]}:${p[4]}:${p[5]}`;
        if (isLocalText(text)) expect(locateLocalTime(text, zone).at.toISOString()).toMatch(/^\d{4}-/);
        else expect(() => locateLocalTime(text, zone)).toThrow(RangeError);
      }),
    );
  });

  test('days belong to the zone', () => {
    const at = new Date('2026-11-23T23:30:00Z');
    expect([dayOf(at, 'America/New_York'), dayOf(at, 'Asia/Tokyo')]).toEqual(['2026-11-23', '2026-11-24']);
    expect(startOfDay('2026-11-23', 'Asia/Tokyo').toISOString()).toBe('2026-11-22T15:00:00.000Z');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
  });

  // What Intl lists are only the zones that are no links; these are links, with or without an area.
  test.each([
    ['GMT', 'Etc/GMT'],
    ['Zulu', 'Etc/UTC'],
    ['EST5EDT', 'America/New_York'],
    ['CST6CDT', 'America/Chicago'],
    ['PST8PDT', 'America/Los_Angeles'],
    ['EST', 'America/Panama'],
    ['HST', 'Pacific/Honolulu'],
    ['CET', 'Europe/Brussels'],
    ['GB', 'Europe/London'],
    ['NZ-CHAT', 'Pacific/Chatham'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['US/Eastern', 'America/New_York'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ])('%s is a zone, in which everything is as in %s', (link, zone) => {
    expect([isTimeZone(link), isTimeZone(zone)]).toEqual([true, true]);
    const texts = ['2026-03-08 02:30:00', '2026-03-29 01:30:00', '2026-07-01 12:00:00', '2026-11-01 01:30:00'];
    for (const text of texts) expect(locateLocalTime(text, link)).toEqual(locateLocalTime(text, zone));
    for (const day of ['2026-03-29', '2026-10-25', '2026-12-31']) {
      expect(startOfDay(day, link)).toEqual(startOfDay(day, zone));
      const at = new Date(`${day}T23:30:00Z`);
      expect(dayOf(at, link)).toBe(dayOf(at, zone));
    }
  });

  test('every zone that ICU lists is one, and what only ICU knows is none', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isTimeZone(zone))).toEqual([]);
    // ICU takes BST for Dhaka, and IST for Kolkata.
    expect(['BST', 'IST', 'CST', 'PST', 'bst', 'SystemV/AST4'].filter(isTimeZone)).toEqual([]);
  });

  test('only zones of the tz database are zones', () => {
    expect(['America/New_York', 'UTC', 'Etc/GMT+5'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['', 'Mars/Olympus', '+05:00', 'America/New York'].map(isTimeZone)).toEqual([false, false, false, false]);
  });
});
