import type { IntakeOutcome, Tx } from '@trackly-tune/database';
import { z } from 'zod';
import { recordErrors } from '../../http/bulk.js';
import type { ReadRecord, RecordError } from './judge-records.js';

export const bulkAnswer = z
  .object({
    success_count: z.number().int(),
    error_count: z.number().int(),
    duplicates_skipped: z.number().int(),
    errors: recordErrors,
  })
  .meta({ id: 'BulkAnswer' });

export type BulkAnswer = z.infer<typeof bulkAnswer>;

interface BulkWriter<Fact> {
  readonly store: (tx: Tx, facts: readonly Fact[]) => Promise<IntakeOutcome[]>;
  readonly conflict: { readonly code: string; readonly error: string };
}

/** Stores what could be read and counts what became of each record of the call. Errors stand in its order. */
export async function takeBulk<Fact>(
  tx: Tx,
  judged: { read: readonly ReadRecord<Fact>[]; errors: readonly RecordError[] },
  writer: BulkWriter<Fact>,
): Promise<BulkAnswer> {
  const outcomes = await writer.store(
    tx,
    judged.read.map((record) => record.fact),
  );
  const conflicts = judged.read
    .filter((_record, position) => outcomes[position] === 'conflict')
    .map(({ index }) => ({ index, ...writer.conflict }));
  const errors = [...judged.errors, ...conflicts].sort((a, b) => a.index - b.index);
  return {
    success_count: outcomes.filter((outcome) => outcome === 'stored').length,
    error_count: errors.length,
    duplicates_skipped: outcomes.filter((outcome) => outcome === 'duplicate').length,
    errors,
  };
}
