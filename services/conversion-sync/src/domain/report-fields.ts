import { ID_FIELDS, reportFieldOf, REQUIRED_REPORT_FIELDS, type SettingsVersion } from '@trackly-tune/domain';

const OPTIONAL = ['Stat.goal_id', 'Stat.status_code', 'Stat.is_adjustment'];

export const CURRENCY_FIELD = 'Stat.currency';

/**
 * What to ask a report for (product-rules.md, "What a field is worth"): without the required fields money would be guessed,
 * every other one may be refused. The id fields that are not configured are asked for too, so that another choice of
 * `message_id_field` can be judged by what is stored. The network's own `revenue` and personal data are never asked.
 */
export function reportFields(
  settings: Pick<SettingsVersion, 'messageIdField' | 'clickIdField'>,
  options: { severalCurrencies: boolean; refusedFields: readonly string[] },
): { required: string[]; optional: string[] } {
  const configured = [settings.messageIdField, settings.clickIdField].filter((field) => field !== null);
  const required = [...REQUIRED_REPORT_FIELDS, ...configured.map(reportFieldOf)];
  if (options.severalCurrencies) required.push(CURRENCY_FIELD);
  const wanted = [...OPTIONAL, CURRENCY_FIELD, ...ID_FIELDS.map(reportFieldOf)];
  const optional = wanted.filter((field) => !required.includes(field) && !options.refusedFields.includes(field));
  return { required, optional };
}
