import { listIntegrationsWithPostbackUrls, type Database } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { Logger } from '@trackly-tune/service-runtime';
import { judgePublicUrl } from '../rules/judge-public-url.js';

/** Named in one line of the log; the warning is the same for all. */
const NAMED_MAX = 20;

/** Warns in the log when postback URLs were shown that TUNE cannot reach as this service is set up. */
export async function warnOfPublicUrl(parts: { db: Database; logger: Logger; publicUrl: string }): Promise<void> {
  const { db, logger, publicUrl } = parts;
  const [warning] = judgePublicUrl(publicUrl);
  if (warning === undefined) return;
  const ids = await listIntegrationsWithPostbackUrls(db, NAMED_MAX);
  if (ids.length === 0) return;
  const integrations = ids.map((id) => toPublicId('integration', id));
  logger.warn({ code: warning.code, integrations }, warning.message);
}
