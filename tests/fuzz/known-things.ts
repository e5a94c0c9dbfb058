import { TWISTS, type Find, type Known, type KnownKind } from './drawn-values.js';

const KIND_OF_PREFIX: Readonly<Record<string, KnownKind>> = {
  int: 'integration',
  ofr: 'offer',
  run: 'run',
  cnv: 'conversion',
  txn: 'transaction',
};
/** Of each kind; beyond, the oldest that was learnt is forgotten. */
const KEPT_MAX = 500;

/** What exists, as far as answers have told. */
export interface KnownThings {
  add(kind: KnownKind, text: string): void;
  /**
   * Finds what a request names.
   *
   * @param options.changes for a request that may change it: then nothing that must stay as it is is found
   */
  find(options: { changes: boolean }): Find;
  /** Marks what only looks and syncs may name: its books are compared in the end. */
  spare(text: string): void;
  isSpared(text: string): boolean;
  /** Takes ids, cursors and postback secrets from an answer. */
  learnFrom(answer: unknown): void;
  /** The account of what a key without this account must not see; null when it is not known whose it is. */
  accountOf(id: string): string | null;
  /** Every postback secret that was ever shown. */
  readonly postbackSecrets: readonly string[];
}

export function createKnownThings(): KnownThings {
  const kept = new Map<KnownKind, string[]>();
  const spared = new Set<string>();
  const accounts = new Map<string, string>();
  const postbackSecrets: string[] = [];

  function add(kind: KnownKind, text: string): void {
    const texts = kept.get(kind) ?? [];
    kept.set(kind, texts);
    if (texts.includes(text)) return;
    texts.push(text);
    if (texts.length > KEPT_MAX) texts.shift();
  }

  /** An offer and its newest secret stand at the same place, so that one draw finds both. */
  function learnPostback(text: string): void {
    const { searchParams } = URL.canParse(text) ? new URL(text) : { searchParams: new URLSearchParams() };
    const [offer, secret] = [searchParams.get('offer_id'), searchParams.get('postback_secret')];
    if (offer === null || secret === null || postbackSecrets.includes(secret)) return;
    postbackSecrets.push(secret);
    if (spared.has(offer)) return;
    const offers = kept.get('postbackOffer') ?? [];
    const secrets = kept.get('postbackSecret') ?? [];
    const at = offers.includes(offer) ? offers.indexOf(offer) : offers.length;
    if (at >= KEPT_MAX) return;
    offers[at] = offer;
    secrets[at] = secret;
    kept.set('postbackOffer', offers);
    kept.set('postbackSecret', secrets);
  }

  function learnRecord(record: Readonly<Record<string, unknown>>): void {
    const { id, integration_id: integration, account_id: account, next, url } = record;
    if (typeof next === 'string') add('cursor', next);
    if (typeof url === 'string') learnPostback(url);
    const kind = typeof id === 'string' ? KIND_OF_PREFIX[/^([a-z]{3})_\d+$/.exec(id)?.[1] ?? ''] : undefined;
    if (kind === undefined || typeof id !== 'string') return;
    if (typeof integration === 'string' && spared.has(integration)) spared.add(id);
    const owner = account ?? accounts.get(typeof integration === 'string' ? integration : '');
    if (typeof owner === 'string') accounts.set(id, owner);
    add(kind, id);
  }

  function learnFrom(answer: unknown): void {
    if (Array.isArray(answer)) return answer.forEach(learnFrom);
    if (typeof answer !== 'object' || answer === null) return;
    learnRecord(answer as Readonly<Record<string, unknown>>);
    for (const inner of Object.values(answer)) learnFrom(inner);
  }

  return {
    add,
    postbackSecrets,
    spare: (text) => void spared.add(text),
    isSpared: (text) => spared.has(text),
    accountOf: (id) => accounts.get(id) ?? null,
    learnFrom,
    find:
      ({ changes }) =>
      ({ kind, index, twist }: Known) => {
        const texts = (kept.get(kind) ?? []).filter((text) => !changes || !spared.has(text));
        const text = texts[index % texts.length] ?? `${kind}-unknown`;
        const twisted = TWISTS[twist](text);
        // `int_10` without its last character is somebody.
        return changes && spared.has(twisted.trim()) ? text : twisted;
      },
  };
}
