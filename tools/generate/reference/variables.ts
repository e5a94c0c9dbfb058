/** What each variable of the environment means. The generator fails for a variable of a schema that is not here. */
export const VARIABLES: Readonly<Record<string, string>> = {
  API_KEYS:
    'Keys of the API: `key`, `name:key`, `name:key:account_id` or `name:key:account_id:read`, separated by commas, 16 characters or more. One with `read` may only GET; `name:key::read` reads every account.',
  ATTRIBUTION_BATCH_MAX: 'Transactions settled in one database transaction: bounds memory and the length of locks.',
  DATABASE_CONNECTIONS_MAX: 'Connections to PostgreSQL of one process.',
  DATABASE_URL: 'PostgreSQL, 15 or newer: `postgres://user:password@host:5432/database`.',
  DATA_DIR: 'Where embedded stores and generated secrets live.',
  DIRECT_AFTER_MS: 'A network that waits this long in spite of its wake-up is worked on without the queue.',
  ENCRYPTION_KEYS:
    '`keyId:base64` of 32 bytes, separated by commas; the first seals, all open. See how-to/rotate-keys.md.',
  HEALTH_PORT:
    '/healthz, /readyz and /metrics; 0 = off. Set on the API, readiness and metrics are there and not on PORT.',
  HOST: 'What the server binds to.',
  LOG_LEVEL: 'fatal, error, warn, info, debug, trace or silent.',
  NETWORK_LEASE_MS: "After this long without a renewal another worker takes a dead worker's network over.",
  OFFER_CONCURRENCY: 'Networks whose offers are fetched at once.',
  OFFER_PAGE_MAX: 'Offers per page of a catalogue.',
  PARKED_WAIT_MS: 'A run waits so long for parked transactions to go through after all, then it ends without them.',
  POSTBACK_PORT:
    'A port of its own for what TUNE calls, /conv/offer and /healthz, which then are not on PORT. Unset: on PORT.',
  PORT: 'The API; 0 = any free port.',
  PUBLIC_URL:
    'How TUNE reaches this service, used in generated postback URLs. Default: `http://HOST:POSTBACK_PORT` where that is set, else `http://HOST:PORT`.',
  PULL_CONCURRENCY: 'Networks whose conversions are pulled at once. Each mostly waits for TUNE.',
  PULL_PAGE_ROWS_MAX: 'Rows per page of a report.',
  QUEUE_PREFIX: 'What every key in Redis begins with; the same for all processes that belong together.',
  REDIS_URL: 'Redis 7 or newer with `maxmemory-policy noeviction`: `redis://:password@host:6379`.',
  RETENTION_CLICKS_DAYS:
    'Clicks and messages that nothing uses are dropped so many days after they were received. A `click_window_days` above this less 30 is refused. The same for the API, which refuses, and attribution, which drops.',
  RETENTION_LOG_DAYS: 'Log lines, ended runs and refused postbacks are dropped after so many days.',
  RETRY_AFTER_MS:
    'A question to TUNE whose failure may pass is asked again after this long, then after five times as long.',
  TRUST_PROXY: 'Addresses or ranges of proxies whose forwarded headers count; also loopback, linklocal, uniquelocal.',
  TUNE_API_URL: "Template of TUNE's API; `{network_id}` is replaced.",
  TUNE_RATE_LIMIT: 'Calls per seconds per network, shared by all processes, for example `30/10`.',
};
