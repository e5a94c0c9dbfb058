import { SERVICES } from '@trackly-tune/launcher';
import { refuse } from '../command-line.js';

/** The service that a debugger is to see; null when none is wanted. Another name ends the process with the usage. */
export function inspected(name: string | undefined, usage: string): string | null {
  if (name === undefined) return null;
  const known: readonly string[] = SERVICES;
  if (known.includes(name)) return name;
  return refuse(`There is no service ${JSON.stringify(name)}`, usage);
}
