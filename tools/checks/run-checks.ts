import { listChecks } from './checks.js';
import { runCheck, type CheckResult } from './run-check.js';

const atOnce = 2;

/**
 * Runs the wanted checks (all when none is named), two at a time, and prints for each its name, outcome and seconds,
 * then what the failed ones said. Returns the exit code: 0, 1 when a check fails, 2 for a name that is no check.
 */
export async function runChecks(root: string, wanted: readonly string[]): Promise<0 | 1 | 2> {
  const checks = listChecks(root);
  const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(`There is no check named ${unknown.join(', ')}. The checks are:`);
    for (const check of checks) console.error(`  ${check.name.padEnd(12)}${check.about}`);
    return 2;
  }

  const waiting = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name));
  const total = waiting.length;
  const failed: CheckResult[] = [];
  const workThrough = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await runCheck(root, check);
      if (!result.passed) failed.push(result);
      const seconds = (result.durationMs / 1000).toFixed(1);
      console.log(`${check.name.padEnd(12)}${(result.passed ? 'ok' : 'FAILED').padEnd(8)}${seconds.padStart(6)} s`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, workThrough));

  for (const { check, output } of failed) console.log(`\n--- ${check.name}: ${check.about}\n${output.trimEnd()}`);
  console.log(
    failed.length === 0
      ? `\nAll ${total} checks are ok.`
      : `\n${failed.length} of ${total} checks FAILED: ${failed.map(({ check }) => check.name).join(', ')}.`,
  );
  return failed.length === 0 ? 0 : 1;
}
