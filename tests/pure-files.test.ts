import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './system/start-services.js';

/** Pure files that decide something and are shown elsewhere; each with the place that shows it. */
const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  'packages/domain/src/catalogue-offer.ts': 'packages/domain/src/sync-offer.test.ts',
  'packages/domain/src/field-of-reason.ts': 'packages/domain/src/report-row.test.ts',
  'packages/domain/src/offer-changes.ts': 'services/offer-sync/test/sync-offers.test.ts',
  'packages/domain/src/offer-fields.ts': 'packages/domain/src/sync-offer.test.ts',
  'services/api/src/resources/offers/rules/plan-offer-edit.ts': 'services/api/test/offers-routes.test.ts',
  'services/attribution/src/domain/explain-decision.ts': 'tests/books/trail.test.ts',
  'services/conversion-sync/src/domain/read-page.ts': 'services/conversion-sync/test/pull-network.test.ts',
  'services/offer-sync/src/domain/plan-refresh.ts': 'services/offer-sync/test/sync-offers.test.ts',
  'services/offer-sync/src/domain/read-catalogue-page.ts': 'services/offer-sync/test/sync-offers.test.ts',
};
const RULES_OF_THE_API = 'services/api/src/resources';
const FOLDERS = [
  'packages/domain/src',
  ...['attribution', 'conversion-sync', 'offer-sync'].map((name) => `services/${name}/src/domain`),
  ...readdirSync(path.join(ROOT, RULES_OF_THE_API))
    .map((resource) => `${RULES_OF_THE_API}/${resource}/rules`)
    .filter((folder) => existsSync(path.join(ROOT, folder))),
];

const pure = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && path.basename(file) !== 'index.ts')
    .map((file) => `${folder}/${file.split(path.sep).join('/')}`),
);
const decides = (file: string): boolean =>
  /^export (?:async )?function /m.test(readFileSync(path.join(ROOT, file), 'utf8'));
const isShown = (file: string): boolean => existsSync(path.join(ROOT, file.replace(/\.ts$/, '.test.ts')));

test('every pure file that decides something has examples or properties beside it, or is named with where they are', () => {
  expect(pure.filter(decides).length).toBeGreaterThan(30);
  expect(pure.filter((file) => decides(file) && !isShown(file)).sort()).toEqual(Object.keys(SHOWN_ELSEWHERE).sort());
  expect(Object.values(SHOWN_ELSEWHERE).filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});
