import { callNetwork, type Caller } from './call-network.js';
import { filledId, filledText, isEmpty, isRecord, type JsonRecord } from './read-scalar.js';
import { TuneError } from './tune-error.js';
import type { Affiliate } from './types.js';

function modelOf(data: unknown, affiliateId: string): JsonRecord | null {
  if (!isRecord(data)) return null;
  const entry = isRecord(data[affiliateId]) ? data[affiliateId] : data;
  return isRecord(entry['Affiliate']) ? entry['Affiliate'] : entry;
}

/**
 * Affiliate::findById. null when there is none: TUNE says so by null with a good status (quirk 6), by an empty list, or
 * by an error about the row (`Row id …`, `Failed to hydrate rows: …`, quirk 36).
 */
export async function findAffiliate(
  caller: Caller,
  affiliateId: string,
  signal: AbortSignal | undefined,
): Promise<Affiliate | null> {
  const call = { target: 'Affiliate', method: 'findById', params: { id: affiliateId }, signal };
  const answer = await callNetwork(caller, call, { calls: 0 });
  if (answer.kind === 'refused') {
    if (answer.missingRow) return null;
    throw answer.error;
  }
  if (isEmpty(answer.data)) return null;
  const model = modelOf(answer.data, affiliateId);
  const id = filledId(model?.['id']);
  if (!model || id === null) throw new TuneError('unexpected_answer', "TUNE's answer holds no affiliate");
  // Some of TUNE's methods answer an unknown id with everything (quirk 29).
  if (id !== affiliateId.trim()) throw new TuneError('unexpected_answer', 'TUNE answers with another affiliate');
  return { id, company: filledText(model['company']), status: filledText(model['status']) };
}
