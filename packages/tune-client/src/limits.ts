/** Bounds on each call (law 10). A call is one HTTP request; waiting for the rate budget comes on top. */
export interface TuneLimits {
  readonly connectTimeoutMs: number;
  /** Until TUNE begins to answer; big reports take it long (tune-api.md 3.3). */
  readonly headersTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly bodyTimeoutMs: number;
  /** One call from its first byte to its last; also the longest wait for a free connection. */
  readonly requestTimeoutMs: number;
  /** Of a body, after decompression. */
  readonly responseBytesMax: number;
  /** Connections, and thereby calls under way, to one network from one process. */
  readonly connectionsPerNetwork: number;
}

export const DEFAULT_LIMITS: TuneLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 90_000,
  bodyTimeoutMs: 30_000,
  requestTimeoutMs: 150_000,
  responseBytesMax: 32 * 1024 * 1024,
  connectionsPerNetwork: 4,
};
