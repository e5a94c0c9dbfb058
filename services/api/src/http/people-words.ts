import { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  bigint: 'a whole number',
  date: 'a time',
  nan: 'a number',
};

/** "a, b or c". */
function oneOf(values: readonly unknown[]): string {
  const texts = values.map((value) => (value === '' ? 'empty' : String(value)));
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} or ${last}`;
}

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['entry', 'entries'],
  object: ['field', 'fields'],
};

/** "must have at most 100 characters", "must be at least 1". */
function bounded(origin: string, bound: 'at least' | 'at most', edge: number | bigint, exact: boolean): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be ${bound} ${edge}`;
  if (bound === 'at least' && edge === 1 && !exact) return 'must not be empty';
  return `must have ${exact ? 'exactly' : bound} ${edge} ${edge === 1 ? unit[0] : unit[1]}`;
}

/**
 * What a schema refused, in people's words: what is expected, after the field's name. Schemas
 * that know better say so themselves; this is for all the others.
 */
export function peopleWords(issue: z.core.$ZodRawIssue): string {
  // A field that is not there has no value that could be wrong.
  if (issue.input === undefined && issue.code !== 'unrecognized_keys') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? 'something else'}`;
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${oneOf(issue.values)}` : `must be one of ${oneOf(issue.values)}`;
    case 'too_big':
      return bounded(issue.origin, 'at most', issue.maximum, issue.exact === true);
    case 'too_small':
      return bounded(issue.origin, 'at least', issue.minimum, issue.exact === true);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'is not a known field';
    case 'invalid_key':
      return 'has a name that cannot be used';
    case 'invalid_format':
      return 'is not written as it should be';
    default:
      return 'is not valid';
  }
}

/** Makes every schema of this process speak in people's words where it has none of its own. */
export function speakPeopleWords(): void {
  z.config({ localeError: peopleWords });
}
