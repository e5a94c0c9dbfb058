import { countsOf, pageSize, type PagingSettings } from '../paging.js';
import { countOf, textOf, textsOf, type Parameters } from '../parameters.js';
import { modelOrder, modelTest, type Model } from './model-filters.js';

/** Contained models of a row by name, e.g. the advertiser of an offer; `[]` for none (quirk 5). */
export type Contain = (model: Model, name: string) => unknown;

function pickFields(model: Model, fields: readonly string[]): Model {
  if (fields.length === 0) return model;
  return Object.fromEntries(Object.entries(model).filter(([name]) => fields.includes(name)));
}

/** One model with what it contains: `{"Offer":{…},"Advertiser":{…}}`. */
export function wrapModel(name: string, model: Model, parameters: Parameters, contain: Contain): Model {
  const contained = textsOf(parameters['contain']).map((other) => [other, contain(model, other)] as const);
  return { [name]: pickFields(model, textsOf(parameters['fields'])), ...Object.fromEntries(contained) };
}

/** PHP writes an empty map as a list (quirk 5). */
function asMap(entries: readonly (readonly [string, unknown])[]): unknown {
  return entries.length === 0 ? [] : Object.fromEntries(entries);
}

/**
 * What `findAll` answers: with `limit` a page of a map by id, without it the bare map (quirk 7). `page` is echoed as
 * the text that was sent, a number where none was.
 */
export function listModels(
  name: string,
  models: readonly Model[],
  parameters: Parameters,
  paging: PagingSettings,
  contain: Contain = () => [],
): unknown {
  const found = models.filter(modelTest(parameters['filters'])).sort(modelOrder(parameters['sort']));
  const entry = (model: Model) => [String(model['id']), wrapModel(name, model, parameters, contain)] as const;
  const asked = countOf(parameters['limit']);
  if (asked === null) return asMap(found.map(entry));
  const limit = pageSize(asked, paging);
  const page = countOf(parameters['page']) ?? 1;
  return {
    page: textOf(parameters['page']) ?? 1,
    current: 0,
    ...countsOf(found.length, limit, paging),
    data: asMap(found.slice((page - 1) * limit, page * limit).map(entry)),
  };
}

/** What `findById` answers: null, with status 1, for an id that is not there (tune-api.md, section 2.4). */
export function findModel(
  name: string,
  models: readonly Model[],
  id: string,
  parameters: Parameters,
  contain: Contain = () => [],
): unknown {
  const model = models.find((one) => String(one['id']) === id);
  return model === undefined ? null : wrapModel(name, model, parameters, contain);
}
