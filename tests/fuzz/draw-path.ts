import fc from 'fast-check';
import type { PathStep } from './drawn-request.js';
import { Known, KNOWN_KINDS, type KnownKind } from './drawn-values.js';
import { hostileText } from './hostile-values.js';
import { known } from './valid-values.js';

const RAW_STEPS = [
  ...[
    '%00',
    '%2F',
    '%2f..',
    '..',
    '.',
    '%2e%2e',
    '%',
    '%zz',
    '%c3%28',
    '%ED%A0%80',
    '%ff',
    '%252e',
    '*',
    ':id',
    '',
    '~',
  ],
  ...[
    'int_999999;x=1',
    'int_999999%20',
    'x'.repeat(201),
    'x'.repeat(9_000),
    '\u00ff',
    '"',
    "'",
    '{id}',
    '[',
    '|',
    '\\',
    '^',
  ],
];
/** Which kind of thing an id stands for, by what stands before it in the path. */
const KIND_OF_STEP: Readonly<Record<string, KnownKind>> = {
  integrations: 'integration',
  offers: 'offer',
  conversions: 'conversion',
  'sync-runs': 'run',
  'parked-transactions': 'transaction',
  messages: 'message',
  clicks: 'click',
};
/** Secrets are not for paths, which stand in logs. */
const OTHER_KINDS = KNOWN_KINDS.filter((kind) => kind !== 'token' && kind !== 'postbackSecret');

const badStep: fc.Arbitrary<PathStep> = fc.oneof(
  fc.constantFrom(...OTHER_KINDS).map((kind) => ({ encoded: new Known(kind, 0) })),
  hostileText.map((encoded) => ({ encoded })),
  fc.constantFrom(...RAW_STEPS).map((literal) => ({ literal })),
);

/** A path of the document with ids in the places of its parameters: of things that exist, or bad ones. */
export function drawPath(path: string, good: boolean): fc.Arbitrary<PathStep[]> {
  const steps = path.split('/').slice(1);
  return fc.tuple(
    ...steps.map((step, index): fc.Arbitrary<PathStep> => {
      if (!step.startsWith('{')) return fc.constant({ literal: step });
      if (!good) return badStep;
      return known(KIND_OF_STEP[steps[index - 1] ?? ''] ?? 'integration').map((encoded) => ({ encoded }));
    }),
  );
}
