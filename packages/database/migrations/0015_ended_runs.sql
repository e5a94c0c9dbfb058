-- The last runs of a kind that ended: what an integration's last error and the metric of failing ones are read from.
CREATE INDEX sync_runs_ended ON sync_runs (integration_id, kind, finished_at DESC)
  WHERE status IN ('succeeded', 'failed');
