import type { Click } from './facts-of-platform.js';
import type { ClickField, Lookup, MessageField } from './find-message.js';

/** What is not kept of lookups, since it stands elsewhere and never changes. */
export interface LookupSources {
  /** The value of a field in the facts that were decided. */
  valueOf(field: ClickField | MessageField): string | null;
  clickOf(clickId: string): Click | null;
  readonly convertedAt: Date;
}

/** `1:ad_id:not_found 1:affiliate_click_id:used`: pass, field and result of each lookup, in their order. */
export function writeLookups(lookups: readonly Lookup[]): string {
  return lookups.map(({ pass, field, result }) => `${pass}:${field}:${result}`).join(' ');
}

function readLookup(text: string, { valueOf, clickOf, convertedAt }: LookupSources): Lookup {
  const [pass = '', field = '', result = ''] = text.split(':');
  const value = valueOf(field as ClickField | MessageField) ?? '';
  if (pass === '2') {
    return { pass: 2, field: field as MessageField, value, result: result as (Lookup & { pass: 2 })['result'] };
  }
  const seen = {
    pass: 1,
    field: field as ClickField,
    click_id: value,
    result: result as (Lookup & { pass: 1 })['result'],
  } as const;
  const click = result === 'not_found' ? null : clickOf(value);
  if (click === null) return seen;
  return {
    ...seen,
    click: { message_id: click.messageId, clicked_at: click.clickedAt.toISOString(), is_bot: click.isBot },
    age_seconds: (convertedAt.getTime() - click.clickedAt.getTime()) / 1000,
  };
}

/** The lookups that `writeLookups` wrote, whole again. */
export function readLookups(text: string, sources: LookupSources): Lookup[] {
  return text === '' ? [] : text.split(' ').map((each) => readLookup(each, sources));
}
