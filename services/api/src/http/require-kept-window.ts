import type { ApiPorts } from '../ports.js';

/**
 * Refuses a click window that is longer than the clicks for it are kept. One that was set before retention was as short
 * stays what it is, and keeps them longer.
 *
 * @param days as somebody wishes it; null or undefined wishes nothing
 * @param current in force; default none
 */
export function requireKeptWindow(
  ports: Pick<ApiPorts, 'windowDaysMax' | 'invalid'>,
  days: number | null | undefined,
  current: number | null = null,
): void {
  if (days === null || days === undefined || days <= ports.windowDaysMax || days === current) return;
  throw ports.invalid(
    'click_window_days',
    `must be a whole number from 1 to ${ports.windowDaysMax}: clicks are not kept long enough for more (RETENTION_CLICKS_DAYS)`,
  );
}
