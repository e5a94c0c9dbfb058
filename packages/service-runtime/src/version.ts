import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The version of the product, the same for every service: in `/healthz`, the first line of a log and metrics. */
export const VERSION: string = version;
