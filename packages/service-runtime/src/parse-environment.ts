import { CodedError } from '@trackly-tune/domain';
import type { z } from 'zod';

/** The exit code of a configuration that cannot be used (EX_CONFIG); a supervisor need not try again. */
export const CONFIG_EXIT_CODE = 78;

/** The environment cannot be used: every problem at once, each naming its variable, never the value of a secret. */
export class ConfigurationError extends CodedError<'invalid_configuration'> {
  constructor(readonly problems: readonly string[]) {
    const list = problems.map((problem) => `  - ${problem}`).join('\n');
    super('invalid_configuration', `The configuration cannot be used:\n${list}`, { advice: 'never' });
  }
}

/**
 * Reads the variables of a schema and nothing else. Space around a value is cut off, and an empty value counts as
 * unset. Throws ConfigurationError; `runService` turns that into exit code 78.
 */
export function parseEnvironment<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<Shape>> {
  const given: Record<string, string | undefined> = {};
  for (const name of Object.keys(schema.shape)) given[name] = env[name]?.trim() || undefined;
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? 'environment');
    const missing = issue.path.length > 0 && given[name] === undefined;
    return `${name}: ${missing ? 'is not set; this service cannot start without it' : issue.message}`;
  });
  throw new ConfigurationError([...new Set(problems)]);
}
