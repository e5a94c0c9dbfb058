import { expect, test } from '@jest/globals';
import type { CatalogueOffer } from '@trackly-tune/domain';
import { judgeImport } from './judge-import.js';

const entry = (changes: { imported?: boolean; missed?: number; tuneStatus?: string }) => ({
  imported: changes.imported ?? false,
  missedCatalogues: changes.missed ?? 0,
  offer: { tuneStatus: changes.tuneStatus ?? 'active' } as CatalogueOffer,
});

test('what the catalogue holds is imported, paused and expired offers too; a deleted one is not', () => {
  expect(['active', 'paused', 'expired', 'deleted'].map((tuneStatus) => judgeImport(entry({ tuneStatus })))).toEqual([
    ...['imported', 'imported', 'imported', 'deleted'],
  ]);
});

test('what it never held, or holds no more, is unknown; what is imported stays, whatever became of it', () => {
  expect(judgeImport(null)).toBe('unknown');
  expect(judgeImport(entry({ missed: 1 }))).toBe('unknown');
  expect(judgeImport(entry({ imported: true, missed: 3, tuneStatus: 'deleted' }))).toBe('already_imported');
});
