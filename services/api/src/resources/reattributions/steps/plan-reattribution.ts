import {
  findConversion,
  findIntegration,
  findLastConversionId,
  type Database,
  type ReattributionScope,
  type Tx,
} from '@trackly-tune/database';

/** What somebody wants decided again: all of an integration, some days of it, or one conversion. */
export type ReattributionTarget =
  | { readonly integrationId: bigint; readonly from: string | null; readonly to: string | null }
  | { readonly conversionId: bigint };

export interface PlannedReattribution {
  readonly scope: ReattributionScope;
  readonly accountId: string;
  readonly deleted: boolean;
}

/**
 * Turns a wish into what is going to be decided again: what is known now, under the settings in force now. Null when
 * there is no such integration or conversion.
 */
export async function planReattribution(
  db: Database | Tx,
  target: ReattributionTarget,
): Promise<PlannedReattribution | null> {
  const conversion = 'conversionId' in target ? await findConversion(db, target.conversionId) : null;
  const integrationId = 'integrationId' in target ? target.integrationId : conversion?.integration_id;
  if (integrationId === undefined) return null;
  const integration = await findIntegration(db, integrationId);
  if (integration === null) return null;
  const days = 'integrationId' in target ? { from: target.from, to: target.to } : { from: null, to: null };
  const conversionIds = conversion && [conversion.id, ...(conversion.claims_id === null ? [] : [conversion.claims_id])];
  return {
    scope: {
      integrationId,
      settingsVersion: integration.settings_version,
      conversionIds,
      ...days,
      throughId: await findLastConversionId(db, integrationId),
    },
    accountId: integration.account_id,
    deleted: integration.deleted_at !== null,
  };
}
