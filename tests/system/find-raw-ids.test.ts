import { expect, test } from '@jest/globals';
import { findRawIds } from './find-raw-ids.js';

test.each([
  '{"level":"info","integration_id":"6","msg":"x"}',
  '{"run_id":6}',
  '{"context":{"conversion_ids":["7"]}}',
  '{"job_id":"repeat:scheduled-pull-6:1764000000000"}',
  'trackly_x_total{integration_id="6"} 1',
  '{"data":"{\\"integrationId\\":\\"6\\"}"}',
  '{"msg":"Settings version 2 of integration 6 is missing"}',
])('%s names a record by its row’s number', (text) => {
  expect(findRawIds([text])).toEqual([text]);
});

test.each([
  '{"integration_id":"int_6","run_id":"run_7","network_id":"17","external_id":"12","pid":4}',
  '{"run_id":null,"conversion_ids":["cnv_7"]}',
  'trackly_x_total{network_id="6"} 1',
  '{"msg":"run succeeded"}',
])('%s does not', (text) => {
  expect(findRawIds([text])).toEqual([]);
});
