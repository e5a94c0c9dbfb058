import type { ConversionTable } from './conversions/conversion-table.js';
import { changedConversions } from './models/changed-conversions.js';
import { findModel, listModels } from './models/list-models.js';
import { advertiserModels, affiliateModels, containOfOffer, offerModels } from './models/offer-models.js';
import { textOf, type Parameters } from './parameters.js';
import { NOT_PERMITTED, Refusal, refuseMissing } from './refusal.js';
import { createGetConversions } from './report/get-conversions.js';

/** Answers a call with what stands under `data`; throws a refusal. */
export type AnswerMethod = (method: string, parameters: Parameters) => unknown;

function requireId(parameters: Parameters): string {
  const id = textOf(parameters['id']);
  if (id === null) throw refuseMissing('id');
  if (id.startsWith('-')) throw new Refusal('Row id is negative');
  return id;
}

/** The methods of one network, by `Target::Method`. */
export function createMethods(table: ConversionTable): AnswerMethod {
  const getConversions = createGetConversions(table);
  const settings = table.settings;
  const offers = () => offerModels(settings(), table.localNow());
  const methods: Readonly<Record<string, (parameters: Parameters) => unknown>> = {
    'Report::getConversions': getConversions,
    'Report::getActiveCurrencies': () => settings().currencies,
    'Offer::findAll': (parameters) => listModels('Offer', offers(), parameters, settings(), containOfOffer(settings())),
    'Offer::findById': (parameters) =>
      findModel('Offer', offers(), requireId(parameters), parameters, containOfOffer(settings())),
    'Advertiser::findAll': (parameters) =>
      listModels('Advertiser', advertiserModels(settings()), parameters, settings()),
    'Affiliate::findAll': (parameters) => listModels('Affiliate', affiliateModels(settings()), parameters, settings()),
    'Affiliate::findById': (parameters) =>
      findModel('Affiliate', affiliateModels(settings()), requireId(parameters), parameters),
    'Conversion::findUpdatedConversions': (parameters) => changedConversions(table, parameters, 'updated'),
    'Conversion::findAddedConversions': (parameters) => changedConversions(table, parameters, 'added'),
    // None of these four bodies is recorded (tune-api.md, section 9, 8).
    'Application::getTimezone': () => ({
      Timezone: { id: '17', name: settings().timeZone.replaceAll('_', ' '), timezone: settings().timeZone },
    }),
    'Application::getBrand': () => ({
      Brand: { id: '1', name: settings().id, network_currency: settings().currencies[0], status: 'active' },
    }),
    'Preference::findAll': (parameters) =>
      listModels(
        'Preference',
        [
          { id: '1', name: 'network_currency', value: settings().currencies[0] },
          { id: '2', name: 'network_name', value: settings().id },
        ],
        parameters,
        settings(),
      ),
  };
  return (method, parameters) => {
    if (settings().capabilities[method] === false) throw new Refusal(NOT_PERMITTED);
    const answer = methods[method];
    // The text is ours: what TUNE says of an unknown target or method is not known (tune-api.md, section 2.3).
    if (answer === undefined) throw new Refusal(`Method ${method} does not exist.`);
    return answer(parameters);
  };
}
