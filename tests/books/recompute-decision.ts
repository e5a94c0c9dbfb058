import {
  fromPublicId,
  settleTransaction,
  type Candidates,
  type Click,
  type ConversionFacts,
  type Lookup,
  type Message,
  type PostbackConversion,
  type PostbackFacts,
  type PulledConversion,
  type SettingsVersion,
  type SettledConversion,
} from '@trackly-tune/domain';

interface Version {
  readonly version: number;
  readonly facts: ConversionFacts | PostbackFacts;
}

export interface Evidence {
  readonly rule_version: number;
  readonly lookups: readonly Lookup[];
  readonly message: { message_id: string; creative_id: string | null; campaign_id: string | null } | null;
  readonly click_window_days: number;
  readonly decided_with?: readonly {
    id: string;
    fact_version: number;
    settings_version: number;
    click_window_days: number;
  }[];
  readonly [more: string]: unknown;
}

export interface Decision {
  readonly no: number;
  readonly cause: string;
  readonly fact_version: number;
  readonly settings_version: number;
  readonly settings: { version: number };
  readonly evidence: Evidence;
}

interface HistoryJson {
  readonly versions: readonly Version[];
  readonly decisions: readonly Decision[];
  readonly entries: readonly Record<string, unknown>[];
}

interface SettingsJson {
  readonly version: number;
  readonly message_id_field: SettingsVersion['messageIdField'];
  readonly click_id_field: SettingsVersion['clickIdField'];
  readonly click_window_days: number;
  readonly time_zone: string;
  readonly default_currency: string;
}

/** A trail as the API answers with it. */
export interface TrailJson extends HistoryJson {
  readonly conversion: { readonly id: string };
  readonly record_key: string | null;
  readonly settings: readonly SettingsJson[];
  readonly postback: (HistoryJson & { readonly id: string; readonly record_key: string }) | null;
  readonly other_records: readonly {
    id: string;
    record_key: string | null;
    claimed_by: string | null;
    versions: readonly Version[];
  }[];
  readonly complete: boolean;
}

interface Known {
  readonly recordKey: string | null;
  readonly versions: readonly Version[];
}

function recordsOf(trail: TrailJson): ReadonlyMap<string, Known> {
  const own = { recordKey: trail.record_key, versions: trail.versions };
  const records = new Map<string, Known>([[trail.conversion.id, own]]);
  if (trail.postback) {
    records.set(trail.postback.id, { recordKey: trail.postback.record_key, versions: trail.postback.versions });
  }
  for (const other of trail.other_records) {
    records.set(other.id, { recordKey: other.record_key, versions: other.versions });
  }
  return records;
}

/** The clicks and messages that the decision knew of, out of what it looked up. */
function candidatesOf({ lookups, message }: Evidence): Candidates {
  const clicks = new Map<string, Click>();
  const messages = new Map<string, Message>();
  const know = (messageId: string) => messages.set(messageId, { messageId, creativeId: null, campaignId: null });
  for (const lookup of lookups) {
    if (lookup.pass === 2) {
      if (lookup.result !== 'not_found') know(lookup.value);
      continue;
    }
    if (lookup.click === undefined) continue;
    const { message_id: messageId, clicked_at, is_bot: isBot } = lookup.click;
    clicks.set(lookup.click_id, { clickId: lookup.click_id, messageId, clickedAt: new Date(clicked_at), isBot });
    if (lookup.result === 'used') know(messageId);
  }
  if (message !== null) {
    messages.set(message.message_id, {
      messageId: message.message_id,
      creativeId: message.creative_id,
      campaignId: message.campaign_id,
    });
  }
  return { clicks, messages };
}

/** Decides again what one decision of a trail decided, from the trail alone. */
export function recomputeDecision(trail: TrailJson, subject: string, decision: Decision): SettledConversion {
  const records = recordsOf(trail);
  const { evidence } = decision;
  const pulled: PulledConversion[] = [];
  const postbacks: PostbackConversion[] = [];
  const own = { ...decision, id: subject, click_window_days: evidence.click_window_days };
  for (const { id, fact_version, settings_version, click_window_days } of [own, ...(evidence.decided_with ?? [])]) {
    const known = records.get(id);
    const facts = known?.versions.find(({ version }) => version === fact_version)?.facts;
    const settings = trail.settings.find(({ version }) => version === settings_version);
    if (known === undefined || facts === undefined || settings === undefined) {
      throw new Error(`The trail of ${trail.conversion.id} lacks what decided ${id}`);
    }
    const pinned = {
      conversionId: fromPublicId('conversion', id) ?? 0n,
      factVersion: fact_version,
      clickWindowDays: click_window_days,
      settings: {
        version: settings.version,
        messageIdField: settings.message_id_field,
        clickIdField: settings.click_id_field,
        clickWindowDays: settings.click_window_days,
        timeZone: settings.time_zone,
        defaultCurrency: settings.default_currency,
      },
    };
    if (known.recordKey === null) pulled.push({ ...pinned, facts: facts as ConversionFacts });
    else postbacks.push({ ...pinned, key: known.recordKey, facts: facts as PostbackFacts });
  }
  const settled = settleTransaction({ pulled, postbacks, candidates: candidatesOf(evidence) }, evidence.rule_version);
  const found = settled.find(({ conversionId }) => conversionId === fromPublicId('conversion', subject));
  if (found === undefined) throw new Error(`${subject} was not settled`);
  return found;
}
