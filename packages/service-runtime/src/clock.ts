/** The time as a parameter (law 15); leases and ledger times come from PostgreSQL's clock instead. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
