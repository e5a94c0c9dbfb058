import { sql, type RawBuilder } from 'kysely';
import type { ConversionFacts, PostbackFacts } from '@trackly-tune/domain';
import { fromVersionColumns, VERSION_NAMES, type SelectedVersion } from './version-columns.js';

/** A row that was selected with `versionColumns`. */
export interface VersionRow extends SelectedVersion {
  readonly v_facts: ConversionFacts | PostbackFacts | null;
  readonly v_event_id: string | null;
}

const shown = (alias: string, name: string): string =>
  name === 'local_time' ? `to_char(${alias}.local_time, 'YYYY-MM-DD HH24:MI:SS')` : `${alias}.${name}`;

/** What `factsOfVersion` needs, of a version and of the conversion that it belongs to. */
export function versionColumns(version: string, conversion: string): RawBuilder<unknown> {
  const columns = VERSION_NAMES.map((name) => `${shown(version, name)} AS v_${name}`);
  return sql.raw(`${columns.join(', ')}, ${version}.facts AS v_facts, ${conversion}.tune_event_id AS v_event_id`);
}

/** What a version says, whichever way it is kept. */
export function factsOfVersion(row: VersionRow): ConversionFacts | PostbackFacts {
  return row.v_facts ?? fromVersionColumns(row.v_event_id ?? '', row);
}
