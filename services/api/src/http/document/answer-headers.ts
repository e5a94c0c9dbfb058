const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example });

/** Every header that answers are described with. */
export const ANSWER_HEADERS = {
  'X-Request-Id': text('Names the request in the logs; that of the request where it has one', '7f9c2ba4-e88f-4b1c'),
  'Retry-After': {
    description: 'Seconds until the same request may come again',
    schema: { type: 'integer', minimum: 1 },
    example: 5,
  },
  'Idempotency-Replayed': {
    description: 'There when the answer is the kept one of an earlier request with this Idempotency-Key',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
  'Cache-Control': text('Never from a cache', 'no-store'),
  'Content-Disposition': text('CSV only: the name of the file', 'attachment; filename="revenue.csv"'),
  'X-As-Of-Seq': text('CSV only: the number of the books that the answer is as of', '4711'),
};

export type HeaderName = keyof typeof ANSWER_HEADERS;

/** The headers of an answer as references to their descriptions. */
export function headerRefs(names: readonly string[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
