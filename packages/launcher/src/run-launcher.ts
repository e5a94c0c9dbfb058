import { once } from 'node:events';
import { codeOf } from '@trackly-tune/domain';
import { EmbeddedStoreError, FolderInUseError } from '@trackly-tune/embedded-stores';
import { CONFIG_EXIT_CODE, ConfigurationError, parseEnvironment, scrubSecrets } from '@trackly-tune/service-runtime';
import { z } from 'zod';
import { launchConfig } from './config.js';
import { launch, type Launched, type LaunchOptions } from './launch.js';
import { untilStopped } from './until-stopped.js';
import { waitReady } from './wait-ready.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Why nothing could be started, for people, and the exit code for it. */
function explain(error: unknown): number {
  if (error instanceof ConfigurationError) {
    complain(error.message);
    return CONFIG_EXIT_CODE;
  }
  if (error instanceof FolderInUseError) {
    complain(`Another start already works on this DATA_DIR: process ${error.pid}. Stop it, or set another DATA_DIR.`);
  } else if (error instanceof EmbeddedStoreError) {
    complain(error.message);
  } else {
    const text = scrubSecrets(error instanceof Error ? error.message : String(error));
    complain(`The start failed (${codeOf(error) ?? 'no code'}): ${text}`);
  }
  return 1;
}

function announce({ apiUrl, apiKeyFile }: Launched): void {
  say(`API        ${apiUrl}/v1`);
  say(`docs       ${apiUrl}/docs`);
  say(`queues     ${apiUrl}/admin/queues`);
  if (apiKeyFile !== null) say(`API key    in the file ${apiKeyFile}`);
  say('Ctrl-C stops everything.');
}

/**
 * `npm start`: validates the environment, starts everything and keeps it running until a signal comes.
 * Returns the exit code: 0 after an orderly stop, 78 when the configuration cannot be used, 1 when the start fails.
 *
 * @param options.serviceSettings what the services understand besides: wrong values are found before anything starts
 */
export async function runLauncher(
  options: Pick<LaunchOptions, 'root' | 'programs'> & {
    serviceSettings?: z.ZodRawShape;
    /** Default: that of this process. */
    env?: NodeJS.ProcessEnv;
    /** Where lines of the services go; default: to the same stream of this process. */
    onOutput?: LaunchOptions['onOutput'];
    /** Told when everything is started; what it returns is called before it is stopped. */
    onLaunched?: (launched: Launched) => Promise<() => Promise<void>>;
  },
): Promise<number> {
  const { env = process.env, onLaunched = () => Promise.resolve(() => Promise.resolve()) } = options;
  let launched: Launched | undefined;
  let beforeStop: () => Promise<void>;
  const { signal } = untilStopped(() => {
    complain('Second signal: everything is ended at once.');
    launched?.kill();
    process.exit(1);
  });
  try {
    parseEnvironment(z.object({ ...options.serviceSettings, ...launchConfig.shape }), env);
    const config = parseEnvironment(launchConfig, env);
    launched = await launch({
      root: options.root,
      ...(options.programs === undefined ? {} : { programs: options.programs }),
      config,
      env,
      say,
      onOutput: options.onOutput ?? ((line, from) => (from === 'stdout' ? say(line) : complain(line))),
    });
    beforeStop = await onLaunched(launched);
  } catch (error) {
    return explain(error);
  }
  const { readyUrl, refused } = launched;
  void waitReady(readyUrl, signal).then((ready) => ready && announce(launched));
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  const refusedBy = await Promise.race([refused, stopped.then(() => null)]);
  if (refusedBy !== null)
    complain(`Everything is stopped, since ${refusedBy} cannot use its configuration (see above).`);
  else say('Stopping …');
  await beforeStop();
  await launched.stop();
  say('Stopped.');
  return refusedBy === null ? 0 : CONFIG_EXIT_CODE;
}
