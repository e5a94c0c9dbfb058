import fc from 'fast-check';

/** Of these, most routes that know several want exactly one. */
const ALTERNATIVES = ['account_id', 'integration_id', 'conversion_id'];

export const isAlternative = (name: string): boolean => ALTERNATIVES.includes(name);

/** Names that may all be left out, of which mostly one is wanted: the names that are left out this time. */
export function drawLeftOut(names: readonly string[], required: readonly string[]): fc.Arbitrary<readonly string[]> {
  const several = names.filter((name) => isAlternative(name) && !required.includes(name));
  if (several.length < 2) return fc.constant([]);
  return fc.oneof(
    { arbitrary: fc.constantFrom(...several).map((one) => several.filter((name) => name !== one)), weight: 9 },
    { arbitrary: fc.subarray(several), weight: 1 },
  );
}
