import { createHash } from 'node:crypto';
import { rateLimitText } from '../envelope.js';
import type { Fault } from '../faults.js';
import type { RunningNetwork } from '../network.js';
import { textOf, textsOf } from '../parameters.js';
import { NOT_PERMITTED, refuseField } from '../refusal.js';
import {
  answerCall,
  htmlAnswer,
  ipNotAllowed,
  jsonAnswer,
  refusal,
  tokenRejected,
  unknownNetwork,
  type Answer,
} from './answer-call.js';
import type { ReceivedCall } from './read-call.js';
import type { Delivery } from './deliver.js';
import { spoilList } from './spoil-list.js';

interface Circumstances {
  readonly network: RunningNetwork;
  readonly call: ReceivedCall;
  readonly ip: string;
  readonly at: number;
}

const HUGE_BYTES = 256 * 1024 * 1024;
const HUGE_PIECE_BYTES = 64 * 1024;
const LONG_NUMBER_DIGITS = 100_000;
const PAYOUT = /("(?:Stat\.|default_)?payout":)(?:"[^"]*"|null)/;

function wrongContent(): Answer {
  const data = { page: 'first', count: 'many', pageCount: -1, data: { Stat: 7 } };
  const response = { status: 1, httpStatus: 200, data, errors: [], errorMessage: null };
  return jsonAnswer({ request: {}, response }, 'wrong_content');
}

function withoutStatus(answer: Answer): Answer {
  return { ...answer, body: answer.body.replace(/"status":-?1,/, '') };
}

/** The first payout as a valid number with very many digits: `1.000…0e1`. */
function withLongNumber(answer: Answer, digits: number): Answer {
  return { ...answer, body: answer.body.replace(PAYOUT, `$11.${'0'.repeat(digits)}e1`) };
}

/** What goes out instead of the right answer, and how. */
export function applyFault(fault: Fault, circumstances: Circumstances): Delivery {
  const { network, call, ip, at } = circumstances;
  const right = () => answerCall(network, call, ip, at);
  const whole = (answer: Answer): Delivery => ({ how: 'whole', answer: { ...answer, outcome: fault.kind } });
  switch (fault.kind) {
    case 'rate_limit': {
      const limit = network.settings().rateLimit ?? { calls: 50, windowMs: 10_000 };
      return whole(refusal(call, rateLimitText(limit, limit.calls + 1)));
    }
    case 'gateway_timeout':
      return whole({ status: 504, contentType: 'text/html', body: '', outcome: fault.kind });
    case 'html':
      return whole(htmlAnswer(200, 'We will be back soon', fault.kind));
    case 'server_error':
      return whole(htmlAnswer(500, 'Internal Server Error', fault.kind));
    case 'proxy_page':
      return whole(htmlAnswer(fault.status ?? 403, 'Access denied by the web filter', fault.kind));
    case 'unavailable':
      return whole(htmlAnswer(503, 'Service Temporarily Unavailable', fault.kind));
    case 'other_json':
      return whole(jsonAnswer({ ok: true, status: 1, data: [] }, fault.kind));
    case 'odd_refusal':
      return whole(refusal(call, fault.text ?? 'The account is being moved to another shelf'));
    case 'database_error': {
      const id = createHash('sha1').update(`${call.method}${at}`).digest('hex').slice(0, 13);
      const text = `There was a database error with the trackable id [SE-${id}]. Contact support for more assistance.`;
      return whole(refusal(call, text));
    }
    case 'forbidden_field':
      return whole(refusal(call, refuseField(fault.field ?? textsOf(call.parameters['fields']).at(-1) ?? '').message));
    case 'ip_not_allowed':
      return whole(ipNotAllowed(call, ip));
    case 'network_unknown':
      return whole(unknownNetwork());
    case 'token_rejected':
      return whole(tokenRejected(call));
    case 'permission_denied':
      return whole(refusal(call, NOT_PERMITTED));
    case 'wrong_content':
      return whole(wrongContent());
    case 'status_missing':
      return whole(withoutStatus(right()));
    case 'leading_blanks': {
      const answer = right();
      return whole({ ...answer, body: ` \r\n\t ${answer.body}` });
    }
    case 'short_page':
    case 'count_fall':
    case 'data_null':
    case 'extra_rows':
    case 'emptied_list':
      return whole(spoilList(right(), fault.kind, fault));
    case 'long_number':
      return whole(withLongNumber(right(), fault.digits ?? LONG_NUMBER_DIGITS));
    case 'repeated_page': {
      const asked = Number(textOf(call.parameters['page']) ?? 1);
      const page = String(fault.page ?? Math.max(1, asked - 1));
      return whole(answerCall(network, { ...call, parameters: { ...call.parameters, page } }, ip, at));
    }
    case 'truncated': {
      const answer = right();
      return whole({ ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) });
    }
    case 'cut_off':
      return { how: 'cut_off', answer: right() };
    case 'slow':
      return { how: 'slow', answer: right(), durationMs: fault.durationMs ?? 3_000 };
    case 'reset':
      return { how: 'reset' };
    case 'hang':
      return { how: 'hang', durationMs: fault.durationMs ?? null };
    case 'huge':
      return {
        how: 'huge',
        bytes: fault.bytes ?? HUGE_BYTES,
        filling: fault.filling ?? 'text',
        packed: fault.packed ?? false,
        pieceBytes: fault.pieceBytes ?? HUGE_PIECE_BYTES,
      };
    case 'redirect':
      return { how: 'redirect' };
  }
}
