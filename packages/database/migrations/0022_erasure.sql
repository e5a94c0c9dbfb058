-- Contacts that were erased. Null takes no room in a row: only messages whose contact was erased pay for it.
ALTER TABLE messages ADD COLUMN contact_erased_at timestamptz;
COMMENT ON COLUMN messages.contact_id IS 'Null as well where it was erased';
COMMENT ON COLUMN messages.contact_erased_at IS 'When its contact was taken out; none is stored on it again';
