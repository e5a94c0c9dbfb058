import fc from 'fast-check';
import { drawLeftOut, isAlternative } from './alternatives.js';
import type { DrawnRequest } from './drawn-request.js';
import { hostileName, hostileText, hostileValue } from './hostile-values.js';
import type { Parameter } from './read-operations.js';
import { seldom } from './seldom.js';
import type { DrawSchema } from './valid-values.js';

type Query = DrawnRequest['query'];

/** Parameters as the document wants them; of those that may be left out, most are. */
export function goodQuery(draw: DrawSchema, parameters: readonly Parameter[]): fc.Arbitrary<Query> {
  const required = parameters.filter((one) => one.required === true).map(({ name }) => name);
  return drawLeftOut(
    parameters.map(({ name }) => name),
    required,
  ).chain((leftOut) => {
    const drawn = parameters
      .filter(({ name }) => !leftOut.includes(name))
      .map(({ name, schema = {} }) => {
        const pair = draw(schema, name).map((value): Query[number] => [name, value]);
        const isWanted = required.includes(name) || (leftOut.length > 0 && isAlternative(name));
        return isWanted ? pair : seldom(pair, 4);
      });
    return fc.tuple(...drawn).map((pairs) => pairs.filter((pair) => pair !== null));
  });
}

/** Parameters of which some are hostile, stand there twice, are missing, or are known to nobody. */
export function badQuery(draw: DrawSchema, parameters: readonly Parameter[]): fc.Arbitrary<Query> {
  const drawn = parameters.map(({ name, required, schema = {} }): fc.Arbitrary<Query> => {
    const good = draw(schema, name).map((value): Query[number] => [name, value]);
    const bad = fc.oneof(hostileText, hostileValue).map((value): Query[number] => [name, value]);
    return fc.oneof(
      { arbitrary: fc.constant<Query>([]), weight: required === true ? 1 : 6 },
      { arbitrary: fc.tuple(good), weight: required === true ? 6 : 1 },
      { arbitrary: fc.tuple(bad), weight: 3 },
      { arbitrary: fc.array(good, { minLength: 2, maxLength: 3 }), weight: 1 },
    );
  });
  return fc
    .tuple(fc.tuple(...drawn), seldom(fc.tuple(hostileName, hostileText), 5))
    .map(([pairs, unknown]) => [...pairs.flat(), ...(unknown === null ? [] : [unknown])]);
}
