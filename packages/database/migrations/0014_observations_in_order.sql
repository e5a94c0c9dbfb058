-- Requests that are under way, so that of two observations the one requested last wins whichever is written first; and
-- what earlier rules left behind of ids with blanks around them and of goals that were given by name.

ALTER TABLE sync_slices
  -- When the request that is under way for it started; empty while none is.
  ADD COLUMN requested_at timestamptz;
CREATE INDEX sync_slices_requested ON sync_slices (integration_id) WHERE requested_at IS NOT NULL;

-- Blanks around an id are not part of it any more, so a click that was sent with some is looked for without. Clicks do
-- not change: it is added under the id that it should have had, and what waits for that id is looked at again.
WITH named AS (
  SELECT DISTINCT ON (account_id, id) account_id, id, message_id, offer_id, clicked_at, is_bot, received_at
  FROM (SELECT *, btrim(click_id, E' \t\n\u000B\f\r\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF') AS id
    FROM clicks) c
  WHERE id <> click_id AND id <> ''
  ORDER BY account_id, id, received_at
), added AS (
  INSERT INTO clicks (account_id, click_id, message_id, offer_id, clicked_at, is_bot, received_at)
  SELECT account_id, id, message_id, offer_id, clicked_at, is_bot, received_at FROM named ORDER BY account_id, id
  ON CONFLICT DO NOTHING
  RETURNING account_id, click_id
)
INSERT INTO reopen_marks (account_id, kind, key) SELECT account_id, 'click', click_id FROM added;

-- A goal that is no number names none (rule 4): postbacks that gave one by name are settled again, since they may have
-- been counted beside the row of the same conversion. Not at once: the release before may still be settling.
UPDATE transactions t SET due_since = coalesce(t.due_since, clock_timestamp()), cause = coalesce(t.cause, 'postback'),
  background = t.due_since IS NULL OR t.background, not_before = clock_timestamp() + interval '2 minutes'
FROM (SELECT DISTINCT transaction_id FROM conversions WHERE postback_key IS NOT NULL AND goal_id !~ '^[0-9]+$') named
WHERE t.id = named.transaction_id;
