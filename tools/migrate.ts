// `npm run migrate`: brings the schema of DATABASE_URL up to date and says what was applied. Safe to run again and from
// several places at once; also the command of a container that runs before the services.
import { migrateToLatest } from '@trackly-tune/database';
import {
  CONFIG_EXIT_CODE,
  ConfigurationError,
  databaseUrl,
  errorCode,
  parseEnvironment,
  scrubSecrets,
} from '@trackly-tune/service-runtime';
import { z } from 'zod';

try {
  const { DATABASE_URL } = parseEnvironment(z.object({ DATABASE_URL: databaseUrl }), process.env);
  const { applied } = await migrateToLatest({ databaseUrl: DATABASE_URL });
  for (const name of applied) console.log(`applied ${name}`);
  console.log(
    applied.length === 0 ? 'The schema was up to date.' : `The schema is up to date (${applied.length} new).`,
  );
} catch (error) {
  if (error instanceof ConfigurationError) {
    console.error(error.message);
    process.exitCode = CONFIG_EXIT_CODE;
  } else {
    const text = scrubSecrets(error instanceof Error ? error.message : String(error));
    console.error(`The schema could not be brought up to date (${errorCode(error) ?? 'no code'}): ${text}`);
    process.exitCode = 1;
  }
}
