/** Bounds on each call (law 10). A call is one HTTP request; waiting for the rate budget comes on top. */
export interface TuneLimits {
  readonly connectTimeoutMs: number;
  /** Until TUNE begins to answer; big reports take it long (tune-api.md, section 3.3). */
  readonly headersTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly bodyTimeoutMs: number;
  /** One call from its first byte to its last; also the longest wait for a free connection. */
  readonly requestTimeoutMs: number;
  /** Of a body, after decompression. */
  readonly responseBytesMax: number;
  /** Of a body: texts, numbers, lists and objects, each a value. */
  readonly responseValuesMax: number;
  /** Of all bodies that the process is reading at a time. */
  readonly answersBytesMax: number;
  /** Connections, and thereby calls under way, to one network from one process. */
  readonly connectionsPerNetwork: number;
}

export const DEFAULT_LIMITS: TuneLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 90_000,
  bodyTimeoutMs: 30_000,
  requestTimeoutMs: 150_000,
  // A page of 5,000 rows has about five million bytes, one of 500 offers with their texts ten.
  responseBytesMax: 16 * 1024 * 1024,
  // A page of 5,000 rows, each with all fields that are asked for, has 150,000.
  responseValuesMax: 500_000,
  // Two of the longest, or fifty full pages of a usual size.
  answersBytesMax: 32 * 1024 * 1024,
  connectionsPerNetwork: 4,
};
