/**
 * How long the rows of a table are kept.
 *
 * - `for ever`: facts, books and what explains them; settings with their history.
 * - `by age`: dropped when they are old and used by nothing (RETENTION_CLICKS_DAYS, RETENTION_LOG_DAYS).
 * - `with its run`: gone with the run that they belong to.
 * - `while needed`: work that waits and state of what runs, replaced or gone as it is done.
 * - otherwise so many days.
 */
export type RetentionClass = 'for ever' | 'by age' | 'with its run' | 'while needed' | '1 day' | '30 days';

/**
 * What of a contact a table may hold. `the contact`: the platform names it there, and erasing takes it out. `as sent`:
 * texts that others wrote; a contact stands in them only where they put it against what they agreed to send, and erasing
 * does not look there. `none`: nothing but our own texts, numbers and ids of messages, clicks and offers.
 */
export type ContactClass = 'the contact' | 'as sent' | 'none';

export interface DataClass {
  readonly kept: RetentionClass;
  readonly contact: ContactClass;
}

const of = (kept: RetentionClass, contact: ContactClass): DataClass => ({ kept, contact });

/** Every table; a test fails for one that is not here. */
export const DATA_CLASSES: Readonly<Record<string, DataClass>> = {
  catalogue_offers: of('for ever', 'none'),
  catalogue_pages: of('while needed', 'none'),
  clicks: of('by age', 'none'),
  conversion_versions: of('for ever', 'as sent'),
  conversions: of('for ever', 'none'),
  decisions: of('for ever', 'none'),
  due_transactions: of('while needed', 'none'),
  idempotency_keys: of('1 day', 'none'),
  integration_log: of('by age', 'none'),
  integration_settings: of('for ever', 'none'),
  integrations: of('for ever', 'none'),
  ledger_entries: of('for ever', 'none'),
  ledger_feed: of('for ever', 'none'),
  ledger_sequence: of('for ever', 'none'),
  ledger_unnumbered: of('while needed', 'none'),
  messages: of('by age', 'the contact'),
  network_leases: of('while needed', 'none'),
  network_traits: of('while needed', 'none'),
  offer_changes: of('for ever', 'none'),
  offers: of('for ever', 'none'),
  parked_items: of('while needed', 'none'),
  postback_counts: of('30 days', 'none'),
  postback_secrets: of('while needed', 'none'),
  // Those that were refused; accepted ones are facts.
  postbacks: of('by age', 'as sent'),
  rate_budget_memory: of('while needed', 'none'),
  // Their runs are kept as well.
  reattributions: of('for ever', 'none'),
  rejected_sightings: of('with its run', 'none'),
  reopen_marks: of('while needed', 'none'),
  retention_passes: of('while needed', 'none'),
  revenue_totals: of('for ever', 'none'),
  slice_pages: of('while needed', 'none'),
  sync_runs: of('by age', 'none'),
  sync_schedules: of('while needed', 'none'),
  sync_slices: of('with its run', 'none'),
  transaction_lookups: of('for ever', 'none'),
  unimported_offer_days: of('for ever', 'none'),
  unreadable_rows: of('for ever', 'as sent'),
};
