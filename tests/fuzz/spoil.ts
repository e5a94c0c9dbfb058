import fc from 'fast-check';
import { isFields, type Drawn } from './drawn-values.js';
import { hostileName, hostileValue } from './hostile-values.js';

/** One change for the worse, at one of the places that a value has. */
export interface Spoiling {
  readonly at: number;
  readonly how: 'replace' | 'drop' | 'wrap' | 'add';
  readonly name: string;
  readonly value: Drawn;
}

export const spoilings: fc.Arbitrary<Spoiling[]> = fc.array(
  fc.record({
    at: fc.nat(40),
    how: fc.constantFrom('replace', 'replace', 'replace', 'drop', 'wrap', 'add'),
    name: hostileName,
    value: hostileValue,
  }),
  { minLength: 1, maxLength: 2 },
);

type Path = readonly (string | number)[];

/** The way to every value in a value, itself left out unless it has none inside. */
function placesIn(value: Drawn, path: Path = []): Path[] {
  const inner: (readonly [string | number, Drawn])[] = Array.isArray(value)
    ? value.map((one: Drawn, index): [number, Drawn] => [index, one])
    : isFields(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([step, one]) => [[...path, step], ...placesIn(one, [...path, step])]);
}

function changeAt(value: Drawn, [step, ...rest]: Path, change: Spoiling): Drawn {
  if (step === undefined) {
    if (change.how === 'wrap') return [value];
    if (change.how === 'add' && isFields(value))
      return { ...value, ...Object.fromEntries([[change.name, change.value]]) };
    return change.value;
  }
  const drop = change.how === 'drop' && rest.length === 0;
  if (Array.isArray(value)) {
    return value.flatMap((one: Drawn, index) => {
      if (index !== step) return [one];
      return drop ? [] : [changeAt(one, rest, change)];
    });
  }
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]): [string, Drawn][] => {
      if (name !== step) return [[name, one]];
      return drop ? [] : [[name, changeAt(one, rest, change)]];
    }),
  );
}

/** A value that was well formed, with something wrong in it. */
export function spoil(value: Drawn, changes: readonly Spoiling[]): Drawn {
  return changes.reduce<Drawn>((spoilt, change) => {
    const places = change.how === 'add' ? [[], ...placesIn(spoilt)] : placesIn(spoilt);
    return changeAt(spoilt, places[change.at % places.length] ?? [], change);
  }, value);
}
