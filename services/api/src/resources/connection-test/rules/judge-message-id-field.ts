import { MESSAGE_ID_FIELDS, MESSAGE_ID_PATTERN, reportFieldOf, type MessageIdField } from '@trackly-tune/domain';
import { failed, passed, type ConnectionCheck } from './connection-check.js';
import type { SampledConversion } from './sample-report.js';

export interface MessageEvidence {
  readonly sample: readonly SampledConversion[];
  /** Report fields that the network forbids. */
  readonly refusedFields: readonly string[];
  /** Which of the sample's values are messages of the account. */
  readonly messages: ReadonlySet<string>;
  /** Whether the account has told of any message: without, an unknown value says nothing. */
  readonly hasMessages: boolean;
}

const NAME = 'message_id_field';

interface Carried {
  readonly filled: number;
  readonly shaped: number;
  readonly known: number;
}

function countCarried(field: MessageIdField, evidence: MessageEvidence): Carried {
  const values = evidence.sample.flatMap(({ ids }) => ids[field] ?? []);
  return {
    filled: values.length,
    shaped: values.filter((value) => MESSAGE_ID_PATTERN.test(value)).length,
    known: values.filter((value) => evidence.messages.has(value)).length,
  };
}

function findBetter(field: MessageIdField, own: Carried, evidence: MessageEvidence) {
  const others = MESSAGE_ID_FIELDS.filter((other) => other !== field)
    .map((other) => ({ field: other, known: countCarried(other, evidence).known }))
    .sort((a, b) => b.known - a.known);
  const best = others[0];
  // Twice as many: where both carry message ids, the choice is a person's.
  return best !== undefined && best.known > 2 * own.known ? best : null;
}

/**
 * Whether recent conversions carry message ids where the settings look for them. A wrong `message_id_field` loses no
 * conversion, but who earned it; here it is seen before.
 */
export function judgeMessageIdField(field: MessageIdField, evidence: MessageEvidence): ConnectionCheck {
  const total = evidence.sample.length;
  if (evidence.refusedFields.includes(reportFieldOf(field))) {
    return failed(
      NAME,
      'message_id_field_forbidden',
      `The network forbids the report field of ${field}, so no pull could work; ask it to allow ${reportFieldOf(field)}, or choose another field`,
    );
  }
  if (total === 0) {
    return passed(
      NAME,
      `There are no recent conversions to judge ${field} by; test again after the first ones`,
      'no_recent_conversions',
    );
  }
  const own = countCarried(field, evidence);
  const better = findBetter(field, own, evidence);
  if (better !== null) {
    return failed(
      NAME,
      'message_id_field_better',
      `${better.field} carries known message ids in ${better.known} of ${total} recent conversions, ${field} in ${own.known}; set message_id_field to ${better.field}`,
    );
  }
  if (own.filled === 0) {
    return failed(
      NAME,
      'message_id_field_empty',
      `${field} is empty in all ${total} recent conversions; put the message id into it in your links, or choose the field that your links use`,
    );
  }
  if (own.known > 0) {
    return passed(NAME, `${field} carries known message ids in ${own.known} of ${total} recent conversions`);
  }
  if (!evidence.hasMessages && own.shaped > 0) {
    return passed(
      NAME,
      `${field} carries values that look like message ids, but no messages of the account are known yet; test again once they are recorded`,
      'no_messages_known',
    );
  }
  return failed(
    NAME,
    'message_id_field_unknown_values',
    `${field} is filled in ${own.filled} of ${total} recent conversions, but never with a message id of this account; check which field your links put the message id into`,
  );
}
