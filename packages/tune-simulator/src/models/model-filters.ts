import { cellText } from '../cell-text.js';
import { entriesOf, textOf, textsOf, type Parameter } from '../parameters.js';
import { textTest } from '../report/report-filters.js';

export type Model = Readonly<Record<string, unknown>>;

function cell(model: Model, field: string): string {
  return cellText(model[field]);
}

function fieldTest(field: string, wanted: Parameter): (model: Model) => boolean {
  const entries = entriesOf(wanted);
  const isList = typeof wanted === 'string' || entries.every(([name]) => /^\d+$/.test(name));
  if (isList) {
    const test = textTest('EQUAL_TO', textsOf(wanted));
    return (model) => test(cell(model, field));
  }
  const tests = entries.map(([conditional, value]) => textTest(conditional, textsOf(value)));
  return (model) => tests.every((test) => test(cell(model, field)));
}

/** Compiles the model syntax of filters (tune-api.md, section 4.4): `filters[status]=active`, `filters[id][GREATER_THAN]=100`. */
export function modelTest(filters: Parameter | undefined): (model: Model) => boolean {
  const all = entriesOf(filters).map(([field, wanted]) => {
    if (field !== 'OR') return fieldTest(field, wanted);
    const some = entriesOf(wanted).map(([name, value]) => fieldTest(name, value));
    return (model: Model) => some.some((test) => test(model));
  });
  return (model) => all.every((test) => test(model));
}

/** Sorts by the given fields, numbers by their worth. */
export function modelOrder(sort: Parameter | undefined): (a: Model, b: Model) => number {
  const keys = entriesOf(sort).map(([field, direction]) => ({
    field,
    sign: textOf(direction)?.toLowerCase() === 'desc' ? -1 : 1,
  }));
  return (a, b) => {
    for (const { field, sign } of keys) {
      const order = cell(a, field).localeCompare(cell(b, field), 'en', { numeric: true });
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}
