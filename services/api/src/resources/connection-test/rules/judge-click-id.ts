import { ID_FIELDS, reportFieldOf, type IdField } from '@trackly-tune/domain';
import { failed, passed, type ConnectionCheck } from './connection-check.js';
import type { SampledConversion } from './sample-report.js';

export interface ClickEvidence {
  readonly sample: readonly SampledConversion[];
  readonly refusedFields: readonly string[];
  readonly clicks: ReadonlySet<string>;
  readonly hasClicks: boolean;
  /** Whether `message_id_field` leads to messages: then a conversion finds its message without a click. */
  readonly messagesFound: boolean;
}

const NAME = 'click_id';

function countClicks(field: 'ad_id' | IdField, evidence: ClickEvidence): number {
  return evidence.sample.filter((row) => {
    const value = field === 'ad_id' ? row.ad_id : row.ids[field];
    return value !== undefined && value !== null && evidence.clicks.has(value);
  }).length;
}

/** Whether recent conversions lead to clicks of the account, by `ad_id` or by the click id field (pass 1). */
export function judgeClickId(field: IdField | null, evidence: ClickEvidence): ConnectionCheck {
  const { sample, messagesFound } = evidence;
  const total = sample.length;
  if (field !== null && evidence.refusedFields.includes(reportFieldOf(field))) {
    return failed(
      NAME,
      'click_id_field_forbidden',
      `The network forbids the report field of ${field}, so no pull could work; ask it to allow ${reportFieldOf(field)}, or set click_id_field to null`,
    );
  }
  if (total === 0) {
    return passed(NAME, 'There are no recent conversions to look for clicks in', 'no_recent_conversions');
  }
  const byAdId = countClicks('ad_id', evidence);
  const byField = field === null ? 0 : countClicks(field, evidence);
  if (byAdId + byField > 0) {
    const where = [...(byAdId > 0 ? [`ad_id (${byAdId})`] : []), ...(byField > 0 ? [`${field} (${byField})`] : [])];
    return passed(NAME, `Known clicks are named by ${where.join(' and ')} in ${total} recent conversions`);
  }
  if (!evidence.hasClicks) {
    return passed(NAME, 'No clicks of the account are known yet; test again once they are recorded', 'no_clicks_known');
  }
  const better = ID_FIELDS.filter((other) => other !== field).find((other) => countClicks(other, evidence) > 0);
  const verdict = messagesFound ? passed : (name: 'click_id', text: string, code: string) => failed(name, code, text);
  if (better !== undefined) {
    return verdict(
      NAME,
      `${better} carries ids of known clicks, ${field ?? 'ad_id'} does not; set click_id_field to ${better}`,
      'click_id_field_better',
    );
  }
  return verdict(
    NAME,
    messagesFound
      ? 'No recent conversion names a known click; the message id field finds the message instead'
      : `No recent conversion names a known click; put the click id into ${field ?? 'a field of your choice'} in your links`,
    'click_id_unknown_values',
  );
}
