import type { ConversionRow, Named } from '@trackly-tune/database';
import { formatAmountE5, toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';

export const namedAnswer = z
  .object({
    kind: z.enum(['integration', 'offer', 'run', 'conversion', 'message', 'click']),
    id: z.string(),
    account_id: z.string(),
    summary: z.string().meta({ description: 'One sentence for people; it may change' }),
    links: z.object({ self: z.string(), trail: z.string().optional() }).meta({ id: 'NamedLinks' }),
  })
  .meta({ id: 'Named' });

type NamedShown = z.infer<typeof namedAnswer>;

const day = (at: Date): string => at.toISOString().slice(0, 10);
const inPath = encodeURIComponent;
const ofAccount = (accountId: string): string => `?account_id=${inPath(accountId)}`;

/** What has the id, with a sentence and the way to it. */
export function presentNamed({ kind, id, account_id, name, state, at }: Named): NamedShown {
  switch (kind) {
    case 'integration': {
      const shown = toPublicId('integration', BigInt(id));
      const summary = `Integration ${name ?? ''}${state === 'deleted' ? ', deleted' : ''}`;
      return { kind, id: shown, account_id, summary, links: { self: `/v1/integrations/${shown}` } };
    }
    case 'offer': {
      const shown = toPublicId('offer', BigInt(id));
      return {
        kind,
        id: shown,
        account_id,
        summary: `Offer ${name ?? ''}, ${state ?? ''}`,
        links: { self: `/v1/offers/${shown}` },
      };
    }
    case 'run': {
      const shown = toPublicId('run', BigInt(id));
      const summary = `Run of ${name ?? ''}, ${state ?? ''}, of ${day(at)}`;
      return { kind, id: shown, account_id, summary, links: { self: `/v1/sync-runs/${shown}` } };
    }
    case 'message': {
      const summary = `Message sent on ${day(at)}${state === null ? '' : `, creative ${state}`}`;
      return { kind, id, account_id, summary, links: { self: `/v1/messages/${inPath(id)}${ofAccount(account_id)}` } };
    }
    case 'click': {
      const summary = `Click of ${day(at)} on message ${name ?? ''}${state === 'bot' ? ', by a bot' : ''}`;
      return { kind, id, account_id, summary, links: { self: `/v1/clicks/${inPath(id)}${ofAccount(account_id)}` } };
    }
  }
}

/** The same of a conversion. */
export function presentNamedConversion(row: ConversionRow): NamedShown {
  const id = toPublicId('conversion', row.id);
  const amount = row.payout_e5 === null ? 'without an amount' : `${formatAmountE5(row.payout_e5)} ${row.currency}`;
  const to = row.message_id === null ? 'no message' : `message ${row.message_id}`;
  return {
    kind: 'conversion',
    id,
    account_id: row.account_id,
    summary: `Conversion of ${row.day}, ${row.status}, ${amount}, for ${to}`,
    links: { self: `/v1/conversions/${id}`, trail: `/v1/conversions/${id}/trail` },
  };
}
