import type { ReportRow } from '@trackly-tune/domain';
import { isRecord, textOf } from './read-scalar.js';

/** `Model.field` of each model and field, put together once for all rows of an answer, which are alike. */
class FieldNames {
  readonly #models = new Map<string, Map<string, string>>();

  of(model: string, field: string): string {
    let fields = this.#models.get(model);
    if (fields === undefined) this.#models.set(model, (fields = new Map<string, string>()));
    let name = fields.get(field);
    if (name === undefined) fields.set(field, (name = `${model}.${field}`));
    return name;
  }
}

function flattenRow(row: unknown, names: FieldNames): ReportRow {
  if (!isRecord(row)) return { row: textOf(row) };
  // Without a prototype: a model may be named like one of its members, and no name of ours has that.
  const fields = Object.create(null) as Record<string, string | null>;
  for (const model of Object.keys(row)) {
    const value = row[model];
    if (isRecord(value)) {
      for (const field of Object.keys(value)) fields[names.of(model, field)] = textOf(value[field]);
    } else if (!Array.isArray(value) || value.length > 0) {
      fields[model] = textOf(value);
    }
  }
  return fields;
}

/**
 * Rows nested by model as `Model.field` → text or null: `{"Stat":{"ad_id":"1"}}` → `Stat.ad_id`. A row that is no object
 * becomes `{row: …}`, which the reader cannot use and keeps as a rejected row: nothing is lost in silence (law 11).
 */
export function flattenRows(rows: readonly unknown[]): ReportRow[] {
  const names = new FieldNames();
  return rows.map((row) => flattenRow(row, names));
}
