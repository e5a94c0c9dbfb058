-- What a backfill or a re-attribution made due waits behind live work, so that a large one delays nobody's revenue.

ALTER TABLE transactions ADD COLUMN background boolean NOT NULL DEFAULT false;

DROP INDEX transactions_due;
CREATE INDEX transactions_due ON transactions (background, id) WHERE due_since IS NOT NULL;
