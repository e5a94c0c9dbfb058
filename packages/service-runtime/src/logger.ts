import { pino, type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe-error.js';
import { scrubSecrets } from './scrub-secrets.js';

export type { Logger } from 'pino';

const SECRET_NAMES = [
  'network_token',
  'networkToken',
  'network_token_sealed',
  'networkTokenSealed',
  'NetworkToken',
  'api_key',
  'apiKey',
  'x-api-key',
  'authorization',
  'postback_secret',
  'postbackSecret',
  'password',
  'secret',
  'token',
];

const REDACTED_PATHS = SECRET_NAMES.flatMap((name) =>
  ['', '*', '*.*', '*.*.*'].map((parents) => `${parents}["${name}"]`),
);

/**
 * JSON lines with service and pid. Secrets are kept out twice: fields by their names, and every finished line is
 * scrubbed of what looks like one, wherever it stands (law 12).
 *
 * @param options.level a pino level, or `silent`
 * @param options.destination where lines go; standard output when left out
 */
export function createLogger(options: { service: string; level: string; destination?: DestinationStream }): Logger {
  const { service, level, destination } = options;
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED_PATHS, censor: '***' },
      serializers: { err: (error: unknown) => describeError(error), error: (error: unknown) => describeError(error) },
      hooks: { streamWrite: scrubSecrets },
    },
    destination ?? pino.destination({ sync: true }),
  );
}
