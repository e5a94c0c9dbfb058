import { codeOf } from '@trackly-tune/domain';
import { Kysely, PostgresDialect, type Transaction as KyselyTransaction } from 'kysely';
import pg from 'pg';
import type { DB } from '../generated/tables.js';

/** A handle on the database. Multi-step writers ask for a `Tx` instead, so that none can be forgotten. */
export type Database = Kysely<DB>;
export type Tx = KyselyTransaction<DB>;

export interface DatabaseOptions {
  readonly databaseUrl: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly connectionsMax?: number;
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  /** Called when an idle connection is lost (the pool makes a new one by itself). */
  readonly onConnectionLost?: (error: Error) => void;
  /** Told of each statement, for metrics. */
  readonly observe?: (statement: ObservedStatement) => void;
}

export interface ObservedStatement {
  readonly durationMs: number;
  /** The SQLSTATE or the code of a broken connection; null when the statement went through. */
  readonly failure: string | null;
}

/** Connections of the pool: those that are used, those that wait for work, and work that waits for one. */
export interface PoolUse {
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
}

const failureOf = (error: unknown): string => codeOf(error) ?? 'unknown';

const getTypeParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => unknown;
const INT8_OID = 20;
const DATE_OID = 1082;

/** bigint as bigint, days as text; kept to this pool, since global type parsers would change other people's pools. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (format !== 'binary') {
      if (oid === INT8_OID) return BigInt;
      if (oid === DATE_OID) return (text: string) => text;
    }
    return getTypeParser(oid, format);
  },
};

/** Opens a pool. Nothing is connected until the first query, so the database may be away. */
export function openDatabase(options: DatabaseOptions): {
  db: Database;
  poolUse(): PoolUse;
  close(): Promise<void>;
} {
  const { observe } = options;
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.name,
    max: options.connectionsMax ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 60_000,
    idle_in_transaction_session_timeout: 60_000,
    idleTimeoutMillis: 30_000,
    options: '-c timezone=UTC',
    types: types,
  });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  // The pool listens to idle connections only. One that breaks while in use fails its query; without a listener of its
  // own it would end the process as well.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const db = new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    ...(observe && {
      log: (event) =>
        observe({
          durationMs: event.queryDurationMillis,
          failure: event.level === 'error' ? failureOf(event.error) : null,
        }),
    }),
  });
  return {
    db,
    poolUse: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => db.destroy(),
  };
}
