-- Outside a transaction.
-- The messages of a contact, for erasure: without it each call would read all messages of the account. Messages without
-- a contact, and those whose contact was erased, are not in it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_contact ON messages (account_id, contact_id) WHERE contact_id IS NOT NULL;
COMMENT ON INDEX messages_contact IS 'The messages of a contact that is erased';
