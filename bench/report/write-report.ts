import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { verdictOf, type Report } from './findings-table.js';

/** What stands behind this line was written by people and is kept. */
const NOTES = '## Notes';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section({ letter, title, findings, load }: Report, stamp: string): string {
  const rows = findings.map((finding) => {
    const { what, goal, floor, measured, note } = finding;
    return `| ${[what, goal, floor, measured, verdictOf(finding), note].map(cell).join(' | ')} |`;
  });
  return [
    `## ${letter}. ${title}`,
    '',
    '| what | goal | floor | measured | verdict | how |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `${stamp}; load of the machine ${load}.`,
    '',
  ].join('\n');
}

/** Writes the figures as a document: sections of benchmarks that did not run, and the notes, stay as they are. */
export function writeReport(
  file: string,
  run: { reports: readonly Report[]; machine: string; size: string; stores: string; at: Date },
): void {
  const { reports, machine, size, stores, at } = run;
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const sections = new Map<string, string>();
  for (const part of old.split(/^(?=## )/m)) {
    const [, letter] = /^## ([a-z])\. /.exec(part) ?? [];
    if (letter !== undefined) sections.set(letter, part);
  }
  const stamp = `Measured ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, size ${size}, ${machine}, ${stores}`;
  for (const report of reports) sections.set(report.letter, `${section(report, stamp)}\n`);
  const notesAt = old.indexOf(NOTES);
  const notes = notesAt === -1 ? `${NOTES}\n` : old.slice(notesAt);
  const intro = `# Benchmarks

Written by \`npm run bench -- --write\`. Every service runs as a process of its own, a simulated TUNE answers over HTTP
from another one, and all of them share the machine with PostgreSQL and Redis. Ratios compare two figures of one run,
measured in turns; a load above the number of cores means that others used the machine at the same time.

`;
  const ordered = [...sections].sort(([a], [b]) => a.localeCompare(b)).map(([, text]) => `${text.trimEnd()}\n\n`);
  writeFileSync(file, `${intro}${ordered.join('')}${notes}`);
}
