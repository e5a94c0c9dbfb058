import { logIntegration, type DueSchedule, type Transaction } from '@trackly-tune/database';

/** Later than this, a schedule was silent: said aloud, and repaired by being run now. */
const SILENT_AFTER_MS = 15 * 60_000;

/** Writes the line that people look for when a schedule did not come by itself. */
export async function sayIfSilent(tx: Transaction, due: DueSchedule): Promise<void> {
  if (due.now.getTime() - due.nextAt.getTime() <= SILENT_AFTER_MS) return;
  const what = due.kind === 'changes' ? 'pass for late changes' : 'pull';
  await logIntegration(tx, {
    integrationId: due.integrationId,
    level: 'warn',
    code: 'schedule_was_silent',
    message: `The ${what} planned for ${due.nextAt.toISOString()} did not happen; it starts now`,
  });
}
