import type { PublicIdFields } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';

/** How many, by name. */
type Counts = Readonly<Record<string, number>>;

export interface IntegrationLogLine {
  readonly integrationId: bigint;
  readonly runId?: bigint | null;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Stable: what people filter and alert by. */
  readonly code: string;
  readonly message: string;
  /** What else is known; records are named by the ids that callers see. */
  readonly context?: Readonly<Record<string, string | number | boolean | null | readonly string[] | Counts>> &
    PublicIdFields;
}

/** Writes lines that the integration's people read. Never put a secret or a raw TUNE body into one. */
export async function logIntegration(db: Database | Tx, ...lines: IntegrationLogLine[]): Promise<void> {
  if (lines.length === 0) return;
  await db
    .insertInto('integration_log')
    .values(
      lines.map((line) => ({
        integration_id: line.integrationId,
        run_id: line.runId ?? null,
        level: line.level,
        code: line.code,
        message: line.message,
        context: JSON.stringify(line.context ?? {}),
      })),
    )
    .execute();
}
