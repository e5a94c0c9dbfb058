import Table from 'cli-table3';
import type { FuzzReport } from './run-fuzz.js';

/** By route how often it was asked and what it answered; then what broke a rule, with a line to try it again. */
export function tellFuzz({ routes, failures, wrong }: FuzzReport): string {
  const table = new Table({ head: ['route', 'requests', 'statuses', 'slowest ms'], style: { head: [], border: [] } });
  for (const { name, requests, statuses, slowestMs } of routes) {
    const counted = Object.entries(statuses).map(([status, count]) => `${status}×${count}`);
    table.push([name, requests, counted.join(' '), slowestMs]);
  }
  const total = routes.reduce((sum, { requests }) => sum + requests, 0);
  const told = failures.map(
    ({ route, seed, problems, curl }) => `${route} (seed ${seed})\n  ${problems.join('\n  ')}\n  ${curl}`,
  );
  return [table.toString(), `${total} requests`, ...told, ...wrong].join('\n');
}
