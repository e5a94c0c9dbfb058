import type { UnreadableReason } from '@trackly-tune/domain';

/** What a caller or operator does about a code. The generator fails for a code of the sources that is not here. */
export type ErrorAdvice = Readonly<Record<string, string>>;

/** Codes of answers of the API. */
export const ANSWER_ADVICE: ErrorAdvice = {
  body_too_large: 'Send less at a time: at most 5 MB, at most 1000 records.',
  concurrent_change: 'Nothing was done. Send the same request again after Retry-After.',
  cross_site_request: 'Open the board from its own address.',
  exports_busy: 'Other exports are still running in this process. Ask again after Retry-After.',
  idempotency_in_progress: 'The first request with this Idempotency-Key still runs. Ask again a little later.',
  idempotency_key_reused: 'Take a new Idempotency-Key for a new request.',
  integration_deleted: 'Bring the integration back with POST /v1/integrations/{id}/restore; `integration_id` names it.',
  integration_exists: 'Use the integration that is there, or give another affiliate.',
  integration_not_deleted: 'There is nothing to restore.',
  internal_error: 'A defect. Report the X-Request-Id; the log has the reason under it.',
  invalid_request: '`details` name each field and what is wrong with it. Do not send it again unchanged.',
  method_not_allowed: 'The Allow header names the methods of the route.',
  not_acceptable: 'Accept application/json.',
  not_found: 'There is no such thing, or not for this API key.',
  offer_exists: 'Use the offer that is there.',
  offer_not_found:
    'The postback names an offer that nobody knows. Compare its URL with the postback config of the offer.',
  overloaded: 'Nothing was done. Send it again after Retry-After; TUNE does so for postbacks.',
  queue_unavailable: 'Redis cannot be reached. Send it again after Retry-After.',
  read_only_key: 'The key ends in `:read` in API_KEYS: it may only GET. Use a key without it.',
  run_ended: 'The run has ended; there is nothing to cancel, pause or resume.',
  run_not_pausable: 'Only backfills that still have days to read can be paused; cancel the run instead.',
  secret_wrong: 'The postback has no valid secret. Put the URL of the postback config into the network again.',
  store_unavailable:
    'PostgreSQL is away or cannot write (a full disk too). Nothing was done: send it again after Retry-After.',
  time_limit_exceeded: 'The answer took too long. Ask for less, or again after Retry-After.',
  unauthorized: 'Send a key of API_KEYS as X-Api-Key.',
  unsupported_media_type: 'Send application/json.',
};

/** Why an offer has no link. */
export const LINK_ADVICE: ErrorAdvice = {
  unresolved_macros: 'The text names what the link needs, mostly a click id: send it along, or take the macro out.',
  unusable_template: 'The text says what is wrong with the tracking URL of the offer. Correct it with PATCH.',
};

/** Codes of single records of bulk calls. */
export const RECORD_ADVICE: ErrorAdvice = {
  click_conflict: 'Another click is known under this id. Clicks never change: correct the id.',
  invalid_record: 'The text names the field. Correct the record and send it alone.',
  message_conflict: 'Another message is known under this id. Messages never change: correct the id.',
  time_in_future: 'The time lies more than a day ahead. Send the time at which it happened.',
};

/** Codes of postbacks that are refused. */
export const POSTBACK_ADVICE: ErrorAdvice = {
  amount_negative: 'Only `refund` and `chargeback` may be negative. Say which `event` it is.',
  amount_too_large: 'A single amount is below 1,000,000,000,000. Correct what fills `revenue`.',
  amount_unreadable:
    'Fill `revenue` with a plain decimal of at most five decimals: `12.5`, no signs of currencies, no commas, not blank.',
  currency_unreadable: 'Fill `currency` with a code that ISO 4217 knows, or leave it out.',
  event_unknown: 'Use one of the events that the text names, or leave `event` out.',
  ids_missing: 'Put `txn_id`, `click_id` or `message_id` into the URL: without one nobody can tell postbacks apart.',
  other_affiliate: 'The URL is installed for another affiliate. Install it for the one of the integration.',
  repeated_parameter: 'The named parameter stands in the URL more than once. Leave one.',
  status_unknown: 'Use `approved`, `pending` or `rejected`, or leave `status` out.',
  unreadable_value: 'The named parameter holds NUL or broken characters. Correct what fills it.',
  value_too_long: 'No value is longer than 500 characters. Correct what fills the named parameter.',
};

/** Codes with which runs fail although the network answered. */
export const RUN_ADVICE: ErrorAdvice = {
  catalogue_empty:
    'The catalogue of offers is empty although it was not before; nothing was changed. Look with Test Connection whether the key may still see offers. If the network really has none any more: POST /v1/integrations/{id}/offer-syncs with `{"accept_empty": true}`.',
  transactions_parked:
    'Everything else of the run is on the books. GET /v1/parked-transactions names what is not; it is tried again by itself.',
  report_incomplete:
    'The network counts more than it shows, or shows the same again; it was read three times, and what came is stored. It is tried again by itself. When it stays so, ask the network; the message has the counts.',
  rows_unreadable:
    'None of the rows that came could be read; they are kept. GET /v1/integrations/{id}/rejected-rows?run_id= shows them with their reasons.',
  too_many_pages: 'The network shows page after page without an end. Report it to the network with the run id.',
};

/** Why a row of a report could not be read. It is kept, counted nowhere, and read again when rules or settings change. */
export const ROW_ADVICE: Readonly<Record<UnreadableReason, string>> = {
  adjustment_unreadable: '`is_adjustment` is neither true nor false in any spelling. Report it with the row.',
  affiliate_missing:
    'Nobody knows whose row it is. Ask the network to show `Stat.affiliate_id` in its reports to the API key.',
  currency_ambiguous:
    'Amounts in several currencies, and the row does not say which counts. Ask the network to show `Stat.currency`.',
  currency_amount_missing:
    'The row is in another currency than the network, and its own amount is not there. Ask the network to show `payout@CUR`.',
  currency_unreadable: 'No currency of ISO 4217. Ask the network to correct the currency of the offer.',
  event_id_missing:
    'Without `Stat.tune_event_id` the same conversion would be counted at every pull. Ask the network to show the field to the API key.',
  offer_missing: 'Ask the network to show `Stat.offer_id`; if it does, the conversion has none there either.',
  payout_missing: 'Ask the network to show `Stat.payout`, or to fill it in for this conversion.',
  payout_too_large: 'A single amount is below 1,000,000,000,000. Ask the network to correct it.',
  payout_unreadable:
    'No plain decimal of at most five decimals: rounding would book another amount. Ask the network to correct it.',
  status_unknown:
    'Neither approved, pending nor rejected. What stood in the books before stays. Ask the network what it means; report it.',
  time_unreadable: 'No `YYYY-MM-DD hh:mm:ss`. Ask the network to correct the time of the conversion.',
  value_too_long: 'An id has more than 500 characters. Look at what fills it in the links or in the network.',
};

/** Codes of runs, of the integration log and of Test Connection that say what is wrong with a network. */
export const NETWORK_ADVICE: ErrorAdvice = {
  aborted: 'The work was given up because the process stops; it goes on by itself.',
  budget_unavailable: 'The rate budget is used up or Redis is away; it goes on by itself.',
  gateway_timeout: 'TUNE gave up on a large question; windows get smaller by themselves.',
  ip_not_allowed: "Put the address that the message names on the network's list of API addresses.",
  network_not_found: 'Correct network_id: it is the first label of the API host.',
  not_tune:
    'Something else than TUNE answers (a maintenance page, a proxy); the message has its HTTP status. Look at TUNE_API_URL; it is tried again.',
  permission_denied: 'The token may not do this. Ask the network for the permission.',
  rate_limited: 'TUNE limits the network. It goes on by itself; lower TUNE_RATE_LIMIT when it repeats.',
  required_field_forbidden: 'The network forbids a field without which nothing can be booked. Ask the network for it.',
  memory_full:
    'Answers of several networks, read at the same time by one process, were too much together, and this was the largest. It is tried again; ask for smaller pages (PULL_PAGE_ROWS_MAX, OFFER_PAGE_MAX) when it repeats.',
  response_too_large:
    'More than 8 MiB (offers: 16) or 500,000 values in one answer; Test Connection: 4 MiB, 100,000. Ask for smaller pages: PULL_PAGE_ROWS_MAX, OFFER_PAGE_MAX; when they are small already, something else than a report was sent.',
  response_truncated: 'An answer broke off; it is tried again.',
  service_unavailable: 'The network is not available for the moment (HTTP 503); it is tried again.',
  timeout: 'TUNE did not answer in time; it is tried again.',
  too_many_rows:
    'A page holds more rows than were asked for, so what the network counts as a page is not known. It is tried again; ask the network when it repeats.',
  token_rejected: 'Set the token again with PATCH /v1/integrations/{id}.',
  tune_database_error: 'A defect on the side of TUNE; it is tried again.',
  tune_error: "TUNE refused; the message holds TUNE's words.",
  unexpected_answer: 'TUNE answered something that cannot be understood. Report it with the run id.',
  unreachable: 'No connection to TUNE. Look at DNS, firewall and TUNE_API_URL; it is tried again.',
};

/** Codes that people meet in logs, in readiness, on the board of the queues and on the console. */
export const INSIDE_ADVICE: ErrorAdvice = {
  as_of_ahead: 'The API answers `invalid_request` for it: the books have no such number yet.',
  data_folder_in_use: 'Another start works on this DATA_DIR. Stop that one first, or choose another DATA_DIR.',
  decryption_failed:
    'A token or secret in the database was changed, or moved to another row. Set the token again with PATCH /v1/integrations/{id}.',
  embedded_store_unavailable: 'The text says what was tried and what to install.',
  invalid_configuration: 'The text names each variable and what is wrong with it. Nothing was started (exit code 78).',
  invalid_job_payload: 'Something else than this product put a job into its queue. Look at QUEUE_PREFIX.',
  job_aborted_lock_lost:
    'Another worker took the job over, since this one did not answer for a while. Nothing is lost.',
  job_aborted_run_time_over: 'The job ran for too long and was ended; a reconciler finds what is left.',
  job_aborted_stopping: 'The worker stops; the job goes back to the queue.',
  lease_lost: 'Another worker took the network over; nothing of this page was written. It goes on by itself.',
  loop_failing:
    'The named loops have failed three times in a row and work for nobody. The log has the reason; the process is not ready meanwhile.',
  migrations_pending: 'The schema is not up to date yet; the process waits for PostgreSQL or for the migration.',
  postback_offer_gone: 'An offer went away while its postbacks were stored; they are tried again.',
  secrets_unreadable: 'Bring back the old keys of ENCRYPTION_KEYS; the lines before name the secrets.',
  too_many_conversions: 'The API says that a preview cannot be made of so many; start the re-attribution without one.',
  too_many_waiting: 'The API answers `overloaded` for it: more postbacks wait than can be stored.',
  unknown_encryption_key:
    'ENCRYPTION_KEYS lacks the key that sealed a token or secret. Bring the key back, or set the token again.',
};
