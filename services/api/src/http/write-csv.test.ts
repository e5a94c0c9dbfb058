import { describe, expect, test } from '@jest/globals';
import { plainCell, textCell, writeCsvLine } from './write-csv.js';

describe('a line of CSV', () => {
  test('quotes what RFC 4180 wants quoted, doubles quotes and ends with CRLF', () => {
    expect(writeCsvLine([textCell('a,b'), textCell('say "x"'), textCell('two\nlines'), textCell(null)])).toBe(
      '"a,b","say ""x""","two\nlines",\r\n',
    );
  });

  test('never lets text start a formula, and leaves our own amounts alone', () => {
    for (const start of ['=', '+', '-', '@', '\t']) {
      expect(writeCsvLine([textCell(`${start}1+1`)])).toBe(`'${start}1+1\r\n`);
    }
    expect(writeCsvLine([textCell('\r=1')])).toBe(`"'\r=1"\r\n`);
    expect(writeCsvLine([plainCell('-12.50000'), plainCell(-3)])).toBe('-12.50000,-3\r\n');
  });
});
