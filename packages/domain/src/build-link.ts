import { fillMacros, holdsMacro, type MacroValues } from './fill-macros.js';
import { linkParameterOf, type IdField, type MessageIdField } from './id-fields.js';
import { nameOfPair, putLinkTogether, takeLinkApart, withoutRepeats, writePair, type LinkParts } from './link-parts.js';

export interface LinkSettings {
  /** The network's tracking domain; never its API (quirk 31). */
  readonly baseUrl: string;
  readonly affiliateId: string;
  readonly messageIdField: MessageIdField;
  readonly clickIdField: IdField | null;
  readonly globalUrlParams: Readonly<Record<string, string>>;
}

export interface LinkedOffer {
  /** As callers know it, e.g. `ofr_7`. */
  readonly id: string;
  readonly externalId: string | null;
  /** A tracking URL that a person wrote, which then is the template; null: the network's own click link. */
  readonly template: string | null;
}

export interface LinkFor {
  readonly messageId: string;
  readonly clickId: string | null;
}

export type BuiltLink =
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'unresolved_macros'; readonly macros: readonly string[] }
  | { readonly kind: 'unusable_template'; readonly reason: string };

const AUTHORITY = /^https?:\/\/[^/?#\\]+/i;

/** Why a URL cannot be the template of links; null when it can. */
export function templateProblem(template: string): string | null {
  // URL parsers take line breaks and tabs out without a word.
  if (/\p{Cc}/u.test(template)) return 'holds control characters';
  if (!template.isWellFormed()) return 'holds broken characters';
  if (template !== template.trim()) return 'begins or ends with a space';
  const authority = AUTHORITY.exec(template)?.[0];
  if (authority === undefined) return 'must begin with http:// or https:// and a host';
  if (holdsMacro(authority)) return 'must not have a macro in its host';
  if (takeLinkApart(template).base.includes('\\')) return 'holds a backslash';
  return URL.canParse(authority) ? null : 'has a host that cannot be read';
}

/** `{base_url}/aff_c`, with whatever query and fragment the base has. */
function clickLink(baseUrl: string): LinkParts {
  const parts = takeLinkApart(baseUrl);
  return { ...parts, base: `${parts.base.replace(/\/+$/, '')}/aff_c` };
}

/** Sets a parameter where it stands, or at the end. */
function setParameter(pairs: readonly string[], name: string, value: string): string[] {
  const pair = writePair(name, value);
  const at = pairs.findIndex((present) => nameOfPair(present) === name);
  return at < 0 ? [...pairs, pair] : pairs.map((present, index) => (index === at ? pair : present));
}

/** A value such as `..` in a path would be taken as a way upwards and be lost. */
function losesSegments(base: string): boolean {
  return base
    .replace(AUTHORITY, '')
    .split('/')
    .some((segment) => segment === '.' || segment === '..');
}

interface FilledTemplate extends LinkParts {
  readonly unresolved: readonly string[];
}

function fillTemplate(parts: LinkParts, values: MacroValues): FilledTemplate {
  const unresolved: string[] = [];
  const fill = (text: string): string => {
    const filled = fillMacros(text, values, encodeURIComponent);
    unresolved.push(...filled.unresolved);
    return filled.text;
  };
  return {
    base: fill(parts.base),
    pairs: withoutRepeats(parts.pairs).map(fill),
    fragment: parts.fragment === null ? null : fill(parts.fragment),
    unresolved,
  };
}

/**
 * The link that goes into a message (product-rules.md, "What syncs for an offer"). Identity comes first: offer, affiliate,
 * message and click replace a parameter of the same name; global parameters only fill what is free. Every value reads
 * back from the link exactly as it was given; what the template held before stays.
 */
export function buildLink(settings: LinkSettings, offer: LinkedOffer, link: LinkFor): BuiltLink {
  const { externalId } = offer;
  const template = offer.template ?? settings.baseUrl;
  const problem = templateProblem(template);
  if (problem !== null) return { kind: 'unusable_template', reason: problem };
  if (offer.template === null && externalId === null) {
    return { kind: 'unusable_template', reason: 'has neither an id in the network nor a tracking URL' };
  }
  if (![link.messageId, link.clickId ?? ''].every((value) => value.isWellFormed())) {
    return { kind: 'unusable_template', reason: 'cannot carry broken characters' };
  }
  const values: MacroValues = { ...link, offerId: offer.id, externalId };
  const filled = fillTemplate(offer.template === null ? clickLink(template) : takeLinkApart(template), values);
  const unresolved = [...filled.unresolved];
  let pairs: string[] = withoutRepeats(filled.pairs);
  if (offer.template === null && externalId !== null) {
    pairs = setParameter(pairs, 'offer_id', externalId);
    pairs = setParameter(pairs, 'aff_id', settings.affiliateId);
  }
  pairs = setParameter(pairs, linkParameterOf(settings.messageIdField), link.messageId);
  if (link.clickId !== null && settings.clickIdField !== null) {
    pairs = setParameter(pairs, linkParameterOf(settings.clickIdField), link.clickId);
  }
  const present = new Set(pairs.map(nameOfPair));
  for (const [name, value] of Object.entries(settings.globalUrlParams)) {
    if (present.has(name.toWellFormed())) continue;
    const text = fillMacros(value.toWellFormed(), values, (plain) => plain);
    unresolved.push(...text.unresolved);
    pairs.push(writePair(name.toWellFormed(), text.text));
    present.add(name.toWellFormed());
  }
  if (unresolved.length > 0) return { kind: 'unresolved_macros', macros: [...new Set(unresolved)].sort() };
  if (losesSegments(filled.base)) return { kind: 'unusable_template', reason: 'cannot carry this value in its path' };
  const url = putLinkTogether({ ...filled, pairs });
  return URL.canParse(url)
    ? { kind: 'link', url: new URL(url).href }
    : { kind: 'unusable_template', reason: 'is no URL' };
}
