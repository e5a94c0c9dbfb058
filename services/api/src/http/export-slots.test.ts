import { expect, test } from '@jest/globals';
import { createExportSlots } from './export-slots.js';

test('slots are taken one by one, refused beyond the last, and given back once each', () => {
  const slots = createExportSlots(2);
  const first = slots.take();
  slots.take();
  expect(() => slots.take()).toThrow(expect.objectContaining({ status: 503, code: 'exports_busy' }));
  first();
  first();
  slots.take();
  expect(() => slots.take()).toThrow(expect.objectContaining({ code: 'exports_busy' }));
});
