import type { z } from 'zod';
import { describeIssues } from '../../http/bulk.js';

export interface RecordError {
  readonly index: number;
  readonly code: string;
  readonly error: string;
}

/** A record that could be read, with its place in the call. */
export interface ReadRecord<Fact> {
  readonly index: number;
  readonly fact: Fact;
}

interface RecordReader<Input extends { account_id: string }, Fact> {
  readonly schema: z.ZodType<Input>;
  readonly toFact: (input: Input) => Fact;
  /** What else keeps a fact from being taken; null: nothing. */
  readonly refuse: (fact: Fact) => { readonly code: string; readonly error: string } | null;
  /** The account of the API key; null when it may write for all of them. */
  readonly accountOfKey: string | null;
}

/** Judges the records of a bulk call one by one: a bad one is an error of its own and stops no other. */
export function judgeRecords<Input extends { account_id: string }, Fact>(
  records: readonly unknown[],
  reader: RecordReader<Input, Fact>,
): { read: ReadRecord<Fact>[]; errors: RecordError[] } {
  const read: ReadRecord<Fact>[] = [];
  const errors: RecordError[] = [];
  for (const [index, record] of records.entries()) {
    const result = reader.schema.safeParse(record);
    if (!result.success) {
      errors.push({ index, code: 'invalid_record', error: describeIssues(result.error, record) });
    } else if (reader.accountOfKey !== null && result.data.account_id !== reader.accountOfKey) {
      errors.push({ index, code: 'account_not_found', error: 'No such account' });
    } else {
      const fact = reader.toFact(result.data);
      const refusal = reader.refuse(fact);
      if (refusal === null) read.push({ index, fact });
      else errors.push({ index, ...refusal });
    }
  }
  return { read, errors };
}
