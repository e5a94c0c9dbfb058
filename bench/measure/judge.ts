import type { Finding } from '../benchmark.js';

/** What a figure is held against; the floor may be left out where the goal is all that is asked. */
export interface Bounds {
  readonly goal: number;
  readonly floor?: number;
  /** True where more is better. */
  readonly more?: boolean;
}

/** Whether a figure reaches its goal, at least its floor, or neither. */
export function judge(value: number, { goal, floor, more = false }: Bounds): NonNullable<Finding['met']> {
  const reaches = (bound: number): boolean => (more ? value >= bound : value <= bound);
  if (reaches(goal)) return 'goal';
  return floor !== undefined && reaches(floor) ? 'floor' : 'missed';
}
