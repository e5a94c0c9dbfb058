import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
}

/** The codes of the API's error answers with their statuses, as its sources write them. */
export function findAnswerCodes(root: string): Map<string, number[]> {
  const found = new Map<string, Set<number>>();
  const add = (code: string, status: number): void => void (found.get(code) ?? addNew(code)).add(status);
  function addNew(code: string): Set<number> {
    const statuses = new Set<number>();
    found.set(code, statuses);
    return statuses;
  }
  for (const text of sourcesBelow(path.join(root, 'services/api/src'))) {
    for (const [, status, code] of text.matchAll(/new ApiError\(\s*(\d{3}),\s*'([a-z_]+)'/g)) {
      add(code ?? '', Number(status));
    }
    for (const [, code] of text.matchAll(/\bconflict\(\s*'([a-z_]+)'/g)) add(code ?? '', 409);
  }
  return new Map([...found].map(([code, statuses]) => [code, [...statuses].sort()]));
}

/** A class of errors, as a source writes it. */
export interface ErrorClass {
  readonly name: string;
  readonly base: string;
  /** The codes that its type names. */
  readonly codes: readonly string[];
}

/** The classes of errors in a text of sources. */
export function errorClassesIn(text: string): ErrorClass[] {
  return [...text.matchAll(/\bclass (\w+)(?:<[^{]*?>)? extends (\w*Error)\b(?:<((?:[^{]|\$\{)*?)>)?\s*\{/g)].map(
    ([, name = '', base = '', codes = '']) => ({
      ...{ name, base },
      codes: [...codes.matchAll(/['`]([a-z_]+)/g)].map(([, code]) => code ?? ''),
    }),
  );
}

/** The classes of errors of everything that ships, but for the simulated network and what tests are made of. */
export function findErrorClasses(root: string): ErrorClass[] {
  return ['packages', 'services'].flatMap((kind) =>
    readdirSync(path.join(root, kind))
      .filter((name) => name !== 'testing' && name !== 'tune-simulator')
      .map((name) => path.join(root, kind, name, 'src'))
      .flatMap((folder) => sourcesBelow(folder).flatMap(errorClassesIn)),
  );
}

/** The codes that a postback is refused with, as its reader writes them. */
export function findRefusalCodes(root: string): string[] {
  const text = readFileSync(path.join(root, 'packages/domain/src/read-postback.ts'), 'utf8');
  return [...new Set([...text.matchAll(/\brefuse\('([a-z_]+)'/g)].map(([, code]) => code ?? ''))].sort();
}

/** Why an offer has no link, as the rule that builds it names it. */
export function findLinkCodes(root: string): string[] {
  const text = readFileSync(path.join(root, 'packages/domain/src/build-link.ts'), 'utf8');
  const [, union = ''] = /export type BuiltLink =(.*?);\n\n/s.exec(text) ?? [];
  return [...union.matchAll(/kind: '([a-z_]+)'/g)]
    .map(([, code]) => code ?? '')
    .filter((code) => code !== 'link')
    .sort();
}

/** The codes of TUNE failures with what is done about them, as the client's table of advice says. */
export function findTuneCodes(root: string): Map<string, string> {
  const text = readFileSync(path.join(root, 'packages/tune-client/src/tune-error.ts'), 'utf8');
  const table = /const ADVICE[^{]*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  return new Map([...table.matchAll(/(\w+): '([a-z-]+)'/g)].map(([, code, advice]) => [code ?? '', advice ?? '']));
}
