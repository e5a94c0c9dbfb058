import { formatE5, parseE5 } from '../amounts.js';
import { createZoneClock, formatTime, requireTime, type ZoneClock } from '../local-clock.js';
import type { NetworkSettings } from '../network-spec.js';
import { mix32 } from '../random.js';
import { STATUSES, type Conversion, type ConversionChange, type NewConversion, type Status } from './conversion.js';
import { ConversionStore, type StoredRow } from './conversion-store.js';
import { TEXT_FIELDS, type SubIdField } from './text-fields.js';

const FIRST_EVENT_ID = 100_000_001;
const DAY_SECONDS = 86_400;
const USUAL_CODES: Readonly<Record<Status, number>> = { approved: 43, pending: 31, rejected: 12 };

/** The code of a status at creation (3.9), where none is given. */
export function usualStatusCode(status: Status, isAdjustment: boolean): number {
  return isAdjustment ? 52 : USUAL_CODES[status];
}

function hex(seed: number, value: number): string {
  return mix32(seed, value).toString(16).padStart(8, '0');
}

/** The conversions of one network in the terms of its spec: texts outside, numbers inside. */
export class ConversionTable {
  readonly store = new ConversionStore();
  readonly clock: ZoneClock;
  #clicks = 0;

  constructor(
    readonly settings: () => NetworkSettings,
    readonly now: () => number,
  ) {
    this.clock = createZoneClock(settings().timeZone);
  }

  /** A transaction id that no other click of the network has. */
  nextClick(): number {
    return this.#clicks++;
  }

  /** The network's clock, as seconds of local time. */
  localNow(): number {
    return this.clock.toLocal(this.now());
  }

  add(conversion: NewConversion): Conversion {
    const settings = this.settings();
    const offer = conversion.offerId ?? settings.offers[0]?.id ?? '0';
    const status = conversion.status ?? 'approved';
    const isAdjustment = conversion.isAdjustment ?? false;
    const spec = settings.offers.find(({ id }) => id === offer);
    const payout = conversion.payout ?? spec?.defaultPayout ?? '1.00000';
    const today = Math.floor(this.localNow() / DAY_SECONDS);
    const at = this.addRow(
      {
        local: requireTime(conversion.datetime),
        affiliate: Number(conversion.affiliateId ?? settings.affiliates[0]?.id ?? 0),
        offer: Number(offer),
        goal: Number(conversion.goalId ?? '0'),
        status: STATUSES.indexOf(status),
        statusCode: conversion.statusCode ?? usualStatusCode(status, isAdjustment),
        adjustment: isAdjustment,
        payout: parseE5(payout),
        currency: this.currencyIndex(conversion.currency ?? spec?.currency ?? settings.currencies[0] ?? 'USD'),
        click: conversion.adId === undefined ? this.nextClick() : -1,
        updatedDay: -1,
        addedDay: conversion.byHand === true ? today : -1,
        unreadable: conversion.unreadable ?? false,
      },
      {
        ...conversion.subIds,
        ...(typeof conversion.adId === 'string' ? { ad_id: conversion.adId } : {}),
        ...(typeof conversion.expectedMessageId === 'string' ? { expected: conversion.expectedMessageId } : {}),
      },
    );
    if (conversion.raw !== undefined) this.store.setRaw(at, conversion.raw);
    return this.view(at);
  }

  addRow(row: StoredRow, texts: Parameters<ConversionStore['add']>[1]): number {
    for (const id of [row.affiliate, row.offer, row.goal]) {
      if (!Number.isInteger(id) || id < 0 || id > 2_147_483_647) throw new RangeError('Ids of TUNE are whole numbers');
    }
    return this.store.add(row, texts);
  }

  /** Throws RangeError for an event id that the network does not have, or a currency that it does not run. */
  change(tuneEventId: string, change: ConversionChange): Conversion {
    const at = this.rowOf(tuneEventId);
    const row = this.store.get(at);
    if (change.status !== undefined) row.status = STATUSES.indexOf(change.status);
    if (change.payout !== undefined) row.payout = parseE5(change.payout);
    if (change.currency !== undefined) row.currency = this.currencyIndex(change.currency);
    if (change.unreadable !== undefined) row.unreadable = change.unreadable;
    row.updatedDay = Math.floor(this.localNow() / DAY_SECONDS);
    this.store.set(at, row);
    if (change.raw !== undefined) this.store.setRaw(at, change.raw);
    return this.view(at);
  }

  eventId(at: number): string {
    return String(FIRST_EVENT_ID + at);
  }

  rowOf(tuneEventId: string): number {
    const at = Number(tuneEventId) - FIRST_EVENT_ID;
    if (!Number.isInteger(at) || at < 0 || at >= this.store.size) {
      throw new RangeError(`No conversion ${tuneEventId}`);
    }
    return at;
  }

  /** Thirty hexadecimal digits beginning with 10, as TUNE's own; null without a click. */
  adId(at: number): string | null {
    const own = this.store.text(at, 'ad_id');
    if (own !== undefined) return own;
    const click = this.store.columns.click[at] ?? -1;
    if (click < 0) return null;
    const { seed } = this.settings();
    return `10${[1, 2, 3, 4].map((part) => hex(seed * 4 + part, click)).join('')}`.slice(0, 30);
  }

  view(at: number): Conversion {
    const row = this.store.get(at);
    const subIds: Partial<Record<SubIdField, string>> = {};
    for (const field of TEXT_FIELDS) {
      const text = field === 'ad_id' ? undefined : this.store.text(at, field);
      if (field !== 'ad_id' && text !== undefined) subIds[field] = text;
    }
    return {
      tuneEventId: this.eventId(at),
      adId: this.adId(at),
      affiliateId: String(row.affiliate),
      offerId: String(row.offer),
      goalId: String(row.goal),
      datetime: formatTime(row.local),
      status: STATUSES[row.status] ?? 'approved',
      statusCode: row.statusCode,
      isAdjustment: row.adjustment,
      payout: formatE5(row.payout),
      currency: this.settings().currencies[row.currency] ?? '',
      subIds,
      expectedMessageId: this.store.text(at, 'expected') ?? null,
      unreadable: row.unreadable,
    };
  }

  currencyIndex(currency: string): number {
    const index = this.settings().currencies.indexOf(currency);
    if (index < 0) throw new RangeError(`The network does not run ${currency}`);
    return index;
  }
}
