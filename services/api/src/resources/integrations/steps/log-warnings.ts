import { logIntegration, type IntegrationLogLine, type Tx } from '@trackly-tune/database';
import type { Warning } from '../rules/judge-look.js';

/** Keeps what an answer warned of in the integration's log, where it is found again. */
export async function logWarnings(
  tx: Tx,
  integrationId: bigint,
  warnings: readonly Warning[],
  context: NonNullable<IntegrationLogLine['context']> = {},
): Promise<void> {
  const lines = warnings.map(({ code, message }) => ({
    integrationId,
    level: 'warn' as const,
    code,
    message,
    context,
  }));
  if (lines.length > 0) await logIntegration(tx, ...lines);
}
