// `npm run keep-release -- COMMIT`: keeps the services of a release, built, as what tests/release-before runs against the
// schema of today. To be done when a release is made.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine, refuse } from './command-line.js';
import { checkOut } from './keep-release/check-out.js';
import { packRelease } from './keep-release/pack-release.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const usage = `npm run keep-release -- COMMIT

Builds the services as they are in a commit and keeps them in tests/release-before, in place of the release before.`;
const { positionals } = readCommandLine({ usage, allowPositionals: true });
const [commit] = positionals;
if (commit === undefined || positionals.length > 1) refuse('One commit must be named', usage);
const checkedOut = checkOut(root, commit);
try {
  const kept = packRelease(checkedOut.path, path.join(root, 'tests/release-before/release.json.gz'));
  console.log(`kept ${kept.files} files of ${checkedOut.commit} in ${kept.bytes} bytes`);
} finally {
  checkedOut.remove();
}
