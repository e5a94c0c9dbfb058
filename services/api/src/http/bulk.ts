import { z } from 'zod';
import { describeRefused } from './describe-invalid.js';

const RECORDS_MAX = 1_000;
const ISSUES_SHOWN_MAX = 5;
const ISSUES_CHARACTERS_MAX = 500;

/** The envelope of a bulk call. The schema of a record only describes it: records are judged one by one. */
export function bulkEnvelope(record: z.ZodType) {
  const { id } = z.globalRegistry.get(record) ?? {};
  if (id === undefined) throw new TypeError('The schema of a record needs an id, by which the envelope describes it');
  const described = z.unknown().meta({ $ref: `#/components/schemas/${id}Input` });
  return z.strictObject({ records: z.array(described).min(1).max(RECORDS_MAX) });
}

/** Why a record of a bulk call was not taken, with its place in the call. */
export const recordErrors = z.array(
  z.object({ index: z.number().int(), code: z.string(), error: z.string() }).meta({ id: 'RecordError' }),
);

/** Which fields of a record are wrong, what was expected of each and what was given. */
export function describeIssues(error: z.ZodError, record: unknown): string {
  const refused = error.issues.map((issue) => ({
    path: issue.path,
    message: issue.message,
    unknownKeys: issue.code === 'unrecognized_keys' ? issue.keys : undefined,
  }));
  return describeRefused(refused, record, { whole: 'record' })
    .slice(0, ISSUES_SHOWN_MAX)
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ')
    .slice(0, ISSUES_CHARACTERS_MAX);
}
