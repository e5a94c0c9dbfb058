import { codeOf } from '@trackly-tune/domain';
import { CONFIG_EXIT_CODE, ConfigurationError, parseEnvironment, scrubSecrets } from '@trackly-tune/service-runtime';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a command speaks: a line for the person, a line about what is wrong. Never a secret. */
export interface CommandOutput {
  say(line: string): void;
  complain(line: string): void;
}

/**
 * Runs a command of an operator and says on stderr why it failed, without secrets. Returns the exit code: 0, 1 for a
 * failure, 78 for an environment that cannot be used.
 *
 * @param options.failed how the sentence about a failure begins
 */
export async function runCommand<Shape extends z.ZodRawShape>(options: {
  env: Environment;
  output: CommandOutput;
  config: z.ZodObject<Shape>;
  failed: string;
  run: (config: z.output<z.ZodObject<Shape>>, output: CommandOutput) => Promise<void>;
}): Promise<number> {
  try {
    await options.run(parseEnvironment(options.config, options.env), options.output);
    return 0;
  } catch (error) {
    if (error instanceof ConfigurationError) {
      options.output.complain(error.message);
      return CONFIG_EXIT_CODE;
    }
    const text = scrubSecrets(error instanceof Error ? error.message : String(error));
    options.output.complain(`${options.failed} (${codeOf(error) ?? 'no code'}): ${text}`);
    return 1;
  }
}
