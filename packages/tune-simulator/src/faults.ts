import { createRandom, type Random } from './random.js';

/** Ways in which a call can go wrong, each as tune-api.md tells it or as any HTTP server may behave. */
export const FAULT_KINDS = [
  'rate_limit',
  'gateway_timeout',
  'html',
  'database_error',
  'truncated',
  'cut_off',
  'reset',
  'hang',
  'slow',
  'leading_blanks',
  'forbidden_field',
  'ip_not_allowed',
  'network_unknown',
  'token_rejected',
  'permission_denied',
  'server_error',
  'huge',
  'wrong_content',
  'redirect',
  'status_missing',
  'proxy_page',
  'unavailable',
  'other_json',
  'odd_refusal',
  'short_page',
  'repeated_page',
  'count_fall',
  'emptied_list',
  'data_null',
  'extra_rows',
  'long_number',
] as const;

/** Fillings of a body that is too long, each of which is hard on another part of its reader. */
export const HUGE_FILLINGS = ['text', 'blanks', 'brackets', 'empty_objects'] as const;

export type HugeFilling = (typeof HUGE_FILLINGS)[number];

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What one fault does in detail; each has a default. */
export interface FaultDetail {
  /** `forbidden_field`: the field that is refused; default the last one asked for. */
  readonly field?: string;
  /** `hang`: for how long; default until the simulator closes. `slow`: for how long in all; default 3,000. */
  readonly durationMs?: number;
  /** `huge`: length of the body before it is packed; default 256 MiB. */
  readonly bytes?: number;
  /** `huge`: what fills it; default one text. Of `brackets` each is inside the one before. */
  readonly filling?: HugeFilling;
  /** `huge`: sent packed by gzip. */
  readonly packed?: boolean;
  /** `huge`: bytes of a piece that is sent at a time; default 65,536. */
  readonly pieceBytes?: number;
  /** `long_number`: how many zeros the first payout has; default 100,000. */
  readonly digits?: number;
  /** `proxy_page`: its HTTP status; default 403. */
  readonly status?: number;
  /** `odd_refusal`: TUNE's words, which nobody knows; default some. */
  readonly text?: string;
  /** `short_page`: entries that are left of the page; default none. `extra_rows`: entries on top; default 1,000. */
  readonly rows?: number;
  /** `count_fall`: how many fewer the page counts; default 1. */
  readonly by?: number;
  /** `repeated_page`: the page that is shown in place of the one asked for; default the one before it. */
  readonly page?: number;
  /** `data_null`: true for the whole of `data`; default only the list within it. */
  readonly whole?: boolean;
}

export interface FaultTarget {
  /** `Target::Method`; default all. */
  readonly method?: string;
  /** Id of the network; default all. */
  readonly network?: string;
}

export interface Fault extends FaultDetail {
  readonly kind: FaultKind;
}

export interface Faults {
  /** The next `times` calls (default 1) that fit fail, after `skip` (default 0) that go well. */
  next(kind: FaultKind, options?: FaultTarget & FaultDetail & { times?: number; skip?: number }): void;
  /** From now on a share `rate` of the calls that fit fails, the same under the same seed and order of calls. */
  set(options: FaultTarget & FaultDetail & { rate: number; kinds: readonly FaultKind[]; seed?: number }): void;
  /** Everything goes well again. Calls that hang keep hanging. */
  clear(): void;
  /** Faults that were met so far, by kind. */
  met(): Readonly<Partial<Record<FaultKind, number>>>;
  /** Which fault a call meets; null: none. */
  take(network: string, method: string): Fault | null;
}

interface Rule extends FaultTarget {
  readonly fault: (random: Random) => Fault;
  readonly rate: number;
  readonly random: Random;
  skip: number;
  left: number;
}

function fits(rule: FaultTarget, network: string, method: string): boolean {
  return (rule.network ?? network) === network && (rule.method ?? method) === method;
}

export function requireKind(kind: string): FaultKind {
  const known = FAULT_KINDS.find((one) => one === kind);
  if (known === undefined) throw new RangeError(`No such fault: ${kind}`);
  return known;
}

export function createFaults(): Faults {
  let planned: Rule[] = [];
  let steady: Rule[] = [];
  const met: Partial<Record<FaultKind, number>> = {};
  return {
    next(kind, { method, network, times = 1, skip = 0, ...detail } = {}) {
      const target = { ...(method === undefined ? {} : { method }), ...(network === undefined ? {} : { network }) };
      const fault = { ...detail, kind: requireKind(kind) };
      planned.push({ ...target, fault: () => fault, rate: 1, random: createRandom(1), skip, left: times });
    },
    set({ method, network, rate, kinds, seed = 1, ...detail }) {
      const target = { ...(method === undefined ? {} : { method }), ...(network === undefined ? {} : { network }) };
      kinds.forEach(requireKind);
      const fault = (random: Random) => ({ ...detail, kind: random.pick(kinds) });
      // One steady rule per target: a new one takes the place of the old one.
      steady = steady.filter((rule) => rule.method !== method || rule.network !== network);
      if (rate > 0) {
        steady.push({ ...target, fault, rate, random: createRandom(seed), skip: 0, left: Infinity });
      }
    },
    clear() {
      planned = [];
      steady = [];
    },
    met: () => ({ ...met }),
    take(network, method) {
      for (const rule of [...planned, ...steady]) {
        if (!fits(rule, network, method) || rule.left <= 0) continue;
        if (rule.skip > 0) {
          rule.skip -= 1;
          continue;
        }
        if (!rule.random.chance(rule.rate)) continue;
        rule.left -= 1;
        planned = planned.filter(({ left }) => left > 0);
        const fault = rule.fault(rule.random);
        met[fault.kind] = (met[fault.kind] ?? 0) + 1;
        return fault;
      }
      return null;
    },
  };
}
