import { CodedError } from '@trackly-tune/domain';
import { migrateToLatest } from '@trackly-tune/database';
import { waitUntil, type Logger } from '@trackly-tune/service-runtime';

/** A migration may rewrite a large table; nothing else waits for it. */
const MIGRATION_TIMEOUT_MS = 15 * 60_000;

export interface SchemaState {
  isReady(): boolean;
  /** Throws until the schema is there: a check of readiness. */
  check(): Promise<void>;
  /** Resolves when the schema is there, or when the service stops before. */
  readonly done: Promise<void>;
}

class SchemaMissingError extends CodedError<'migrations_pending'> {
  constructor() {
    super('migrations_pending', 'The migrations are not done yet', { advice: 'retry-later' });
  }
}

/**
 * Brings the schema up to date as soon as PostgreSQL answers, in the background: the service listens meanwhile and says
 * that it is not ready. Every service does this for itself, so that one that is started alone needs nobody; a lock in
 * PostgreSQL makes sure that each migration runs once, and one that is there already costs a single query.
 */
export function migrateWhenReachable(options: {
  databaseUrl: string;
  logger: Logger;
  signal: AbortSignal;
}): SchemaState {
  const { databaseUrl, logger, signal } = options;
  let ready = false;
  async function migrate(): Promise<void> {
    const { applied } = await migrateToLatest({ databaseUrl });
    if (applied.length > 0) logger.info({ applied }, 'migrations applied');
    ready = true;
  }
  return {
    isReady: () => ready,
    async check() {
      if (!ready) throw new SchemaMissingError();
    },
    done: waitUntil(migrate, {
      name: 'the database schema',
      logger,
      signal,
      attemptTimeoutMs: MIGRATION_TIMEOUT_MS,
    }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
  };
}
