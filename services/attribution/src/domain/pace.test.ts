import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FULL_PACE, paceAfter, type Pace } from './pace.js';

/** Turns under a steady stream, each with the pace that the one before led to. Returns the paces. */
function paces(turns: number, stream: { perSecond: number; bookedPerSecond: number }): Pace[] {
  const seen: Pace[] = [];
  let pace = FULL_PACE;
  for (let turn = 0; turn < turns; turn++) {
    const admitted = pace.postbacksMax;
    const workMs = (admitted / stream.bookedPerSecond) * 1000;
    const sinceMs = workMs + pace.restMs;
    pace = paceAfter({ pace, admitted, came: (stream.perSecond * sinceMs) / 1000, sinceMs, workMs });
    seen.push(pace);
  }
  return seen;
}

describe('the pace of booking', () => {
  test('steps back while more comes in than can be booked, and stays back', () => {
    expect(paces(5, { perSecond: 5_000, bookedPerSecond: 1_000 })).toEqual([
      { postbacksMax: 250, restMs: 2_000 },
      ...Array.from({ length: 4 }, () => ({ postbacksMax: 250, restMs: 500 })),
    ]);
  });

  test('is full while what comes in can be booked, also after it had stepped back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (perSecond) => {
        expect(paces(5, { perSecond, bookedPerSecond: 1_000 })).toEqual(Array.from({ length: 5 }, () => FULL_PACE));
        const rested: Pace = { postbacksMax: 250, restMs: 500 };
        // 250 booked in 250 ms of work, measured over the rest too.
        const turn = { pace: rested, admitted: 250, came: (perSecond * 750) / 1000, sinceMs: 750, workMs: 250 };
        expect(paceAfter(turn)).toEqual(FULL_PACE);
      }),
    );
  });

  test('is full as soon as a turn finds less than it may let in', () => {
    const turn = { pace: { postbacksMax: 250, restMs: 500 }, admitted: 249, came: 9_999, sinceMs: 1, workMs: 1_000 };
    expect(paceAfter(turn)).toEqual(FULL_PACE);
  });

  test('never rests for longer than two seconds', () => {
    const turn = { pace: FULL_PACE, admitted: 1_000, came: 90_000, sinceMs: 9_000, workMs: 9_000 };
    expect(paceAfter(turn).restMs).toBe(2_000);
  });
});
