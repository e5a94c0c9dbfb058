/** SQL: every entry that has a number, one row each: `seq`, `at`, `conversion_id`, `entry_no`. */
export const NUMBERED_ENTRIES = `(
  SELECT f.first_seq + n.position - 1 AS seq, f.at, n.conversion_id, n.entry_no
  FROM ledger_feed f CROSS JOIN LATERAL
    unnest(f.conversion_ids, f.entry_nos) WITH ORDINALITY AS n (conversion_id, entry_no, position))`;

/** SQL: the decision that holds for each conversion. */
export const CURRENT_DECISIONS = `(SELECT DISTINCT ON (conversion_id) * FROM decisions ORDER BY conversion_id, no DESC)`;
