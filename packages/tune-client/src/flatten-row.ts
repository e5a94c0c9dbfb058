import type { ReportRow } from '@trackly-tune/domain';
import { isRecord, textOf } from './read-scalar.js';

/**
 * A row nested by model as `Model.field` → text or null: `{"Stat":{"ad_id":"1"}}` → `Stat.ad_id`. A row that is no
 * object becomes `{row: …}`, which the reader cannot use and keeps as a rejected row: nothing is lost in silence (law 11).
 */
export function flattenRow(row: unknown): ReportRow {
  if (!isRecord(row)) return { row: textOf(row) };
  const fields: [string, string | null][] = [];
  for (const [model, value] of Object.entries(row)) {
    if (isRecord(value)) {
      for (const [field, inner] of Object.entries(value)) fields.push([`${model}.${field}`, textOf(inner)]);
    } else if (!Array.isArray(value) || value.length > 0) {
      fields.push([model, textOf(value)]);
    }
  }
  return Object.fromEntries(fields);
}
