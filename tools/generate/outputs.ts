import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A generated file: its path from the root and what it must hold. */
export interface Output {
  readonly file: string;
  readonly text: string;
}

const held = (root: string, { file }: Output): string | null => {
  const full = path.join(root, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : null;
};

/** Writes what differs and says so. Returns the exit code. */
export function writeOutputs(root: string, outputs: readonly Output[]): 0 {
  for (const output of outputs) {
    const same = held(root, output) === output.text;
    console.log(`${same ? 'unchanged' : 'written  '} ${output.file}`);
    if (same) continue;
    const full = path.join(root, output.file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, output.text);
  }
  return 0;
}

function firstDifference(expected: string, found: string): string {
  const [wanted, have] = [expected.split('\n'), found.split('\n')];
  const line = wanted.findIndex((text, index) => text !== have[index]);
  const at = line === -1 ? wanted.length : line;
  return `line ${at + 1}: expected ${JSON.stringify(wanted[at] ?? '')}, found ${JSON.stringify(have[at] ?? '')}`;
}

/** Says which files are not what they must be. Returns the exit code: 0 when all are up to date. */
export function compareOutputs(root: string, outputs: readonly Output[]): 0 | 1 {
  const stale = outputs.filter((output) => held(root, output) !== output.text);
  for (const output of stale) {
    const found = held(root, output);
    console.error(
      `out of date: ${output.file}${found === null ? ' is missing' : `, ${firstDifference(output.text, found)}`}`,
    );
  }
  if (stale.length > 0) console.error('`npm run generate` regenerates them.');
  return stale.length === 0 ? 0 : 1;
}
