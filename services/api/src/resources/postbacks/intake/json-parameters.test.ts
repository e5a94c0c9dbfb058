import { describe, expect, test } from '@jest/globals';
import { parseJsonParameters } from './json-parameters.js';

describe('the parameters of a JSON body', () => {
  test('are text; numbers keep every digit, however many', () => {
    expect(
      parseJsonParameters('{"revenue":12.30000,"txn_id":123456789012345678901,"status":"approved","x":true}'),
    ).toEqual({
      revenue: '12.30000',
      txn_id: '123456789012345678901',
      status: 'approved',
      x: 'true',
    });
  });

  test('null is a value that is missing, what is nested is one that cannot be read', () => {
    expect(parseJsonParameters('{"goal_id":null,"txn_id":["a"],"message_id":{"a":1}}')).toEqual({
      goal_id: undefined,
      txn_id: null,
      message_id: null,
    });
  });

  test('are none in an empty body, and what is no object is refused', () => {
    expect(parseJsonParameters('')).toEqual({});
    for (const text of ['[]', '"a"', '1', 'null', '{"a":', '{"a":1}{', '{"a":1,"a":2}']) {
      expect(parseJsonParameters(text)).toBeNull();
    }
  });

  test('never reach a prototype', () => {
    const read = parseJsonParameters('{"__proto__":{"offer_id":"x"},"constructor":"y"}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(read?.['offer_id']).toBeUndefined();
  });
});
