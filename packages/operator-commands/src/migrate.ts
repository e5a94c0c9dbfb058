import { migrateToLatest } from '@trackly-tune/database';
import { databaseUrl } from '@trackly-tune/service-runtime';
import { z } from 'zod';
import { runCommand, type CommandOutput, type Environment } from './run-command.js';

/** The environment of the command. */
export const migrateConfig = z.object({ DATABASE_URL: databaseUrl });

/**
 * Brings the schema of DATABASE_URL up to date and says what was applied. Safe to run again and from several places at
 * once. Returns the exit code.
 */
export function runMigrate(env: Environment, output: CommandOutput): Promise<number> {
  return runCommand({
    env,
    output,
    config: migrateConfig,
    failed: 'The schema could not be brought up to date',
    async run({ DATABASE_URL }, { say }) {
      const { applied } = await migrateToLatest({ databaseUrl: DATABASE_URL });
      for (const name of applied) say(`applied ${name}`);
      say(applied.length === 0 ? 'The schema was up to date.' : `The schema is up to date (${applied.length} new).`);
    },
  });
}
