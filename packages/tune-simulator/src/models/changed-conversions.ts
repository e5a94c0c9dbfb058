import { convertAmount } from '../report/report-value.js';
import { formatE5 } from '../amounts.js';
import type { ConversionTable } from '../conversions/conversion-table.js';
import { requireTime } from '../local-clock.js';
import { textOf, type Parameters } from '../parameters.js';
import { refuseMissing } from '../refusal.js';
import { listModels } from './list-models.js';
import type { Model } from './model-filters.js';

/** A conversion as the model API shows it (tune-api.md, section 3.4, Conversion::findAll). */
function conversionModel(table: ConversionTable, at: number): Model {
  const { adId, subIds, ...conversion } = table.view(at);
  const row = table.store.get(at);
  const sub = (text: string | undefined) => text ?? (at % 2 === 0 ? null : '');
  return {
    id: conversion.tuneEventId,
    tune_event_id: conversion.tuneEventId,
    ad_id: adId ?? '',
    affiliate_id: conversion.affiliateId,
    advertiser_id: '0',
    offer_id: conversion.offerId,
    goal_id: conversion.goalId,
    source: sub(subIds.source),
    affiliate_info1: sub(subIds.aff_sub),
    affiliate_info2: sub(subIds.aff_sub2),
    affiliate_info3: sub(subIds.aff_sub3),
    affiliate_info4: sub(subIds.aff_sub4),
    affiliate_info5: sub(subIds.aff_sub5),
    advertiser_info: '',
    datetime: conversion.datetime,
    session_datetime: null,
    payout: formatE5(convertAmount(table, row.payout, row.currency)),
    sale_amount: null,
    status: conversion.status,
    status_code: String(conversion.statusCode),
    is_adjustment: conversion.isAdjustment ? '1' : '0',
    payout_type: 'cpa_flat',
    currency: conversion.currency,
    customer_id: '0',
  };
}

/**
 * Conversion::findUpdatedConversions and findAddedConversions: conversions that somebody changed or added by hand from
 * `start_date` to `end_date` (tune-api.md, section 3.9; no body is recorded, this one is like Conversion::findAll).
 */
export function changedConversions(table: ConversionTable, parameters: Parameters, kind: 'updated' | 'added'): unknown {
  const [start, end] = [textOf(parameters['start_date']), textOf(parameters['end_date'])];
  if (start === null) throw refuseMissing('start_date');
  if (end === null) throw refuseMissing('end_date');
  const first = Math.floor(requireTime(start) / 86_400);
  const last = Math.floor(requireTime(end) / 86_400);
  const { updatedDay, addedDay } = table.store.columns;
  const days = kind === 'updated' ? updatedDay : addedDay;
  const models: Model[] = [];
  for (let at = 0; at < table.store.size; at++) {
    const day = days[at] ?? -1;
    if (day >= first && day <= last && day >= 0) models.push(conversionModel(table, at));
  }
  return listModels('Conversion', models, parameters, table.settings());
}
