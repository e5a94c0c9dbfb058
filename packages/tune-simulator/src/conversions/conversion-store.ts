import { TEXT_FIELDS, type TextField } from './text-fields.js';

/** A row as it is kept: numbers in typed arrays, so that a million of them stay small. */
export interface StoredRow {
  local: number;
  affiliate: number;
  offer: number;
  goal: number;
  /** Index into STATUSES. */
  status: number;
  statusCode: number;
  adjustment: boolean;
  payout: bigint;
  /** Index into the network's currencies. */
  currency: number;
  /** Number that a made-up transaction id follows from; -1: none. */
  click: number;
  /** Local day numbers (days since 1970) of a change or an addition by hand; -1: never. */
  updatedDay: number;
  addedDay: number;
  unreadable: boolean;
}

/** What a row number takes in the composite sort key: 2^22 rows beside seconds that fit 31 bits. */
const ROWS_MAX = 4_194_304;
const FLAG_ADJUSTMENT = 1;
const FLAG_UNREADABLE = 2;

function createColumns(capacity: number) {
  return {
    local: new Float64Array(capacity),
    affiliate: new Int32Array(capacity),
    offer: new Int32Array(capacity),
    goal: new Int32Array(capacity),
    status: new Uint8Array(capacity),
    statusCode: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    payout: new BigInt64Array(capacity),
    currency: new Uint8Array(capacity),
    click: new Int32Array(capacity),
    updatedDay: new Int32Array(capacity),
    addedDay: new Int32Array(capacity),
  };
}

export type Columns = Readonly<ReturnType<typeof createColumns>>;

function grow(columns: Columns, capacity: number): Columns {
  const grown = createColumns(capacity);
  for (const name of Object.keys(columns) as (keyof Columns)[]) {
    (grown[name] as Float64Array).set(columns[name] as Float64Array);
  }
  return grown;
}

/**
 * All conversions of a network, by row number in the order of creation. The event id rises with the row number, so
 * that (time, row number) is the order by `Stat.datetime`, `Stat.tune_event_id`.
 */
export class ConversionStore {
  #columns = createColumns(1024);
  #size = 0;
  #version = 0;
  #order = new Int32Array(0);
  readonly #texts = new Map<TextField | 'expected', (string | undefined)[]>();
  readonly #raw = new Map<number, Readonly<Record<string, unknown>>>();

  get size(): number {
    return this.#size;
  }

  /** Rises with every change: what was selected before may be out of date. */
  get version(): number {
    return this.#version;
  }

  get columns(): Columns {
    return this.#columns;
  }

  add(row: StoredRow, texts: Partial<Record<TextField | 'expected', string>>): number {
    const at = this.#size;
    if (at >= ROWS_MAX) throw new RangeError(`A network holds at most ${ROWS_MAX} conversions`);
    if (at === this.#columns.local.length) this.#columns = grow(this.#columns, at * 2);
    this.#size += 1;
    this.set(at, row);
    for (const name of [...TEXT_FIELDS, 'expected'] as const) {
      const text = texts[name];
      if (text !== undefined) this.#setText(at, name, text);
    }
    return at;
  }

  get(at: number): StoredRow {
    const c = this.#columns;
    const flags = c.flags[at] ?? 0;
    return {
      local: c.local[at] ?? 0,
      affiliate: c.affiliate[at] ?? 0,
      offer: c.offer[at] ?? 0,
      goal: c.goal[at] ?? 0,
      status: c.status[at] ?? 0,
      statusCode: c.statusCode[at] ?? 0,
      adjustment: (flags & FLAG_ADJUSTMENT) !== 0,
      payout: c.payout[at] ?? 0n,
      currency: c.currency[at] ?? 0,
      click: c.click[at] ?? -1,
      updatedDay: c.updatedDay[at] ?? -1,
      addedDay: c.addedDay[at] ?? -1,
      unreadable: (flags & FLAG_UNREADABLE) !== 0,
    };
  }

  set(at: number, row: StoredRow): void {
    const c = this.#columns;
    c.local[at] = row.local;
    c.affiliate[at] = row.affiliate;
    c.offer[at] = row.offer;
    c.goal[at] = row.goal;
    c.status[at] = row.status;
    c.statusCode[at] = row.statusCode;
    c.flags[at] = (row.adjustment ? FLAG_ADJUSTMENT : 0) | (row.unreadable ? FLAG_UNREADABLE : 0);
    c.payout[at] = row.payout;
    c.currency[at] = row.currency;
    c.click[at] = row.click;
    c.updatedDay[at] = row.updatedDay;
    c.addedDay[at] = row.addedDay;
    this.#version += 1;
  }

  text(at: number, field: TextField | 'expected'): string | undefined {
    return this.#texts.get(field)?.[at];
  }

  raw(at: number): Readonly<Record<string, unknown>> | undefined {
    return this.#raw.get(at);
  }

  setRaw(at: number, raw: Readonly<Record<string, unknown>> | null): void {
    if (raw === null) this.#raw.delete(at);
    else this.#raw.set(at, raw);
    this.#version += 1;
  }

  /** Row numbers by time, then by event id. Sorted once after rows were added; a page then costs no sorting. */
  order(): Int32Array {
    if (this.#order.length === this.#size) return this.#order;
    const keys = new Float64Array(this.#size);
    for (let at = 0; at < this.#size; at++) keys[at] = (this.#columns.local[at] ?? 0) * ROWS_MAX + at;
    keys.sort();
    this.#order = Int32Array.from(keys, (key) => key % ROWS_MAX);
    return this.#order;
  }

  #setText(at: number, field: TextField | 'expected', text: string): void {
    let column = this.#texts.get(field);
    if (column === undefined) this.#texts.set(field, (column = []));
    // Gaps are filled, so that the array stays dense and small.
    while (column.length < at) column.push(undefined);
    column[at] = text;
  }
}
