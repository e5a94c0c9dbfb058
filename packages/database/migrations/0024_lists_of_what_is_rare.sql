-- What most conversions are not is listed by an index of its own: those that no click decided, and those that are not
-- approved. Each costs its bytes only for such conversions; without it a list that finds few reads all of a network.

ALTER TABLE decisions ADD COLUMN integration_id bigint;
COMMENT ON COLUMN decisions.integration_id IS 'Of the conversion, where no click decided: for the index of such lists';

CREATE FUNCTION decision_names_integration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.integration_id := (SELECT c.integration_id FROM conversions c WHERE c.id = NEW.conversion_id);
  RETURN NEW;
END $$;
COMMENT ON FUNCTION decision_names_integration() IS 'For decisions of the release before, which does not know the column';
CREATE TRIGGER decisions_name_integration BEFORE INSERT ON decisions
  FOR EACH ROW WHEN (NEW.method <> 'click' AND NEW.integration_id IS NULL) EXECUTE FUNCTION decision_names_integration();

ALTER TABLE decisions DISABLE TRIGGER decisions_append_only;
UPDATE decisions d SET integration_id = c.integration_id
FROM conversions c WHERE c.id = d.conversion_id AND d.method <> 'click';
ALTER TABLE decisions ENABLE TRIGGER decisions_append_only;

CREATE INDEX decisions_not_by_click ON decisions (integration_id, method, conversion_id) WHERE method <> 'click';
COMMENT ON INDEX decisions_not_by_click IS 'Lists of what no click decided: a message id, or nothing';

CREATE INDEX conversions_not_approved ON conversions (integration_id, status, id) WHERE status <> 'approved';
COMMENT ON INDEX conversions_not_approved IS 'Lists of what is pending or rejected';
DROP INDEX conversions_pending;
