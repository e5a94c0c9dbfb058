import { describe, expect, test } from '@jest/globals';
import {
  ANSWER_ADVICE,
  INSIDE_ADVICE,
  LINK_ADVICE,
  NETWORK_ADVICE,
  POSTBACK_ADVICE,
  RUN_ADVICE,
} from '../../tools/generate/reference/error-codes.js';
import {
  errorClassesIn,
  findAnswerCodes,
  findErrorClasses,
  findLinkCodes,
  findRefusalCodes,
  findTuneCodes,
  type ErrorClass,
} from '../../tools/generate/reference/find-codes.js';

const REPOSITORY = process.cwd();

/** What BullMQ gets instead of our error: its text is the code, since it is kept as it is. */
const NOT_CODED = new Set(['JobFailure', 'CodedError']);

const uncoded = (classes: readonly ErrorClass[]): string[] => {
  const coded = new Set(['CodedError']);
  for (let before = 0; before < coded.size;) {
    before = coded.size;
    for (const { name, base } of classes) if (coded.has(base)) coded.add(name);
  }
  return classes.map(({ name }) => name).filter((name) => !coded.has(name) && !NOT_CODED.has(name));
};

const classes = findErrorClasses(REPOSITORY);

describe('classes of errors', () => {
  test('have a code and an advice, each of them', () => {
    expect(classes.length).toBeGreaterThan(20);
    expect(uncoded(classes)).toEqual([]);
  });

  test('one without is found', () => {
    const planted = errorClassesIn(
      "class AError extends CodedError<'a_b'> {}\nclass BError extends AError {}\nclass CError extends Error {}",
    );
    expect(planted.map(({ name, codes }) => [name, codes])).toEqual([
      ['AError', ['a_b']],
      ['BError', []],
      ['CError', []],
    ]);
    expect(uncoded([...planted, { name: 'D', base: 'AggregateError', codes: [] }])).toEqual(['CError', 'D']);
  });

  test('two never share a code by accident: each code belongs to one class, or is a kind of its own', () => {
    const codes = classes.flatMap((one) => one.codes);
    const shared = new Set(codes.filter((code, index) => codes.indexOf(code) !== index));
    // A list that is short, and one that still told something.
    expect([...shared]).toEqual(['report_incomplete']);
  });
});

test('the error reference tells of every code that is used, and of none that is not', () => {
  const inside = classes.flatMap(({ codes }) => codes);
  const told = { ...ANSWER_ADVICE, ...NETWORK_ADVICE, ...RUN_ADVICE, ...INSIDE_ADVICE };
  expect([...new Set(inside)].filter((code) => !Object.hasOwn(told, code))).toEqual([]);
  expect(Object.keys(ANSWER_ADVICE).sort()).toEqual([...findAnswerCodes(REPOSITORY).keys()].sort());
  expect(Object.keys(NETWORK_ADVICE).sort()).toEqual([...findTuneCodes(REPOSITORY).keys()].sort());
  expect(Object.keys(POSTBACK_ADVICE).sort()).toEqual(findRefusalCodes(REPOSITORY));
  expect(Object.keys(LINK_ADVICE).sort()).toEqual(findLinkCodes(REPOSITORY));
  expect(Object.keys(INSIDE_ADVICE).filter((code) => !inside.includes(code))).toEqual([]);
});
