import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { POSTBACK_REFUSALS } from '@trackly-tune/domain';
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

/** Words of descriptions that are fields. */
const NO_CODES = new Set(['details', 'checks']);

const uncoded = (classes: readonly ErrorClass[]): string[] => {
  const coded = new Set(['CodedError']);
  for (let before = 0; before < coded.size;) {
    before = coded.size;
    for (const { name, base } of classes) if (coded.has(base)) coded.add(name);
  }
  return classes.map(({ name }) => name).filter((name) => !coded.has(name) && !NOT_CODED.has(name));
};

const classes = findErrorClasses(REPOSITORY);

interface ApiAnswer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: object;
}

/** `404 not_found`, …: the errors that the descriptions and examples of a document name. */
function documentedErrors(text: string): Set<string> {
  const { paths, components } = JSON.parse(text) as {
    paths: Record<string, Record<string, { responses?: Record<string, ApiAnswer> }>>;
    components: { responses: Record<string, ApiAnswer> };
  };
  const answers = Object.values(paths)
    .flatMap((path) => Object.values(path))
    .flatMap(({ responses = {} }) => Object.entries(responses))
    .filter(([status]) => /^[45]/.test(status));
  return new Set(
    answers.flatMap(([status, sent]) => {
      const answer = sent.$ref === undefined ? sent : components.responses[sent.$ref.split('/').at(-1) ?? ''];
      const { description = '', content = {} } = answer ?? {};
      return [
        ...[...description.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code ?? ''),
        ...[...JSON.stringify(content).matchAll(/"code":"([a-z_]+)"/g)].map(([, code]) => code ?? ''),
      ]
        .filter((word) => !NO_CODES.has(word))
        .map((code) => `${status} ${code}`);
    }),
  );
}

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
  expect([...POSTBACK_REFUSALS].sort()).toEqual(findRefusalCodes(REPOSITORY));
  expect(Object.keys(LINK_ADVICE).sort()).toEqual(findLinkCodes(REPOSITORY));
  expect(Object.keys(INSIDE_ADVICE).filter((code) => !inside.includes(code))).toEqual([]);
});

describe('the OpenAPI document', () => {
  /** Answers of the queue board, which is a page, and of paths that no route of the document stands under. */
  const OUTSIDE = new Set(['403 cross_site_request', '405 method_not_allowed']);
  const document = readFileSync('docs/reference/openapi.json', 'utf8');
  const answered = [
    ...[...findAnswerCodes(REPOSITORY)].flatMap(([code, statuses]) => statuses.map((status) => `${status} ${code}`)),
    ...[...findRefusalCodes(REPOSITORY), ...findLinkCodes(REPOSITORY)].map((code) => `422 ${code}`),
  ].filter((answer) => !OUTSIDE.has(answer));

  test('names every error that a route answers with, beside its status, and no other', () => {
    const told = documentedErrors(document);
    expect(told.size).toBeGreaterThan(20);
    expect([...told].sort()).toEqual([...new Set(answered)].sort());
  });

  test('that names one too many is found', () => {
    const planted = document.replace('`offer_not_found`', '`offer_lost`');
    expect([...documentedErrors(planted)].filter((answer) => !answered.includes(answer))).toEqual(['404 offer_lost']);
  });
});
