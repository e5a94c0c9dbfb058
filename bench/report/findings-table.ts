import Table from 'cli-table3';
import type { Finding } from '../benchmark.js';

export interface Report {
  readonly letter: string;
  readonly title: string;
  readonly findings: readonly Finding[];
  /** Load of the machine before and after, processes per minute. */
  readonly load: string;
}

const VERDICTS = { goal: 'goal met', floor: 'floor met', missed: 'MISSED' } as const;

export const verdictOf = ({ met }: Finding): string => (met === null ? '' : VERDICTS[met]);

/** The table for a terminal. */
export function findingsTable(reports: readonly Report[]): string {
  const table = new Table({
    head: ['', 'what', 'goal', 'floor', 'measured', 'verdict', 'how'],
    colWidths: [3, 32, 12, 12, 14, 11, 58],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { letter, findings } of reports) {
    for (const finding of findings) {
      const { what, goal, floor, measured, note } = finding;
      table.push([letter, what, goal, floor, measured, verdictOf(finding), note]);
    }
  }
  return table.toString();
}
