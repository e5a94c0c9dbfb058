/** A cell: text, which may have been written by anybody; or a number or amount of our own, which is written as it is. */
export type CsvCell = { readonly text: string | null } | { readonly plain: string };

export const textCell = (text: string | null): CsvCell => ({ text });
export const plainCell = (value: string | number | bigint): CsvCell => ({ plain: value.toString() });

/** What spreadsheets take for the start of a formula; a quote before it makes it text. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

function writeCell(cell: CsvCell): string {
  const value = 'plain' in cell ? cell.plain : (cell.text ?? '');
  const harmless = 'text' in cell && FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line of RFC 4180, with its end. */
export function writeCsvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(writeCell).join(',')}\r\n`;
}
