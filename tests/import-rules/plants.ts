/** A file planted to break one rule; `beside` holds what it needs around it. */
export interface Plant {
  rule: string;
  file: string;
  text: string;
  beside?: Record<string, string>;
}

/** One planted file per way to break a rule of .dependency-cruiser.cjs; each breaks that rule and no other. */
export const plants: readonly Plant[] = [
  {
    rule: 'no-circular',
    file: 'packages/database/src/circle-a.ts',
    text: "import { b } from './circle-b.js';\nexport const a = () => b;",
    beside: { 'packages/database/src/circle-b.ts': "import { a } from './circle-a.js';\nexport const b = () => a;" },
  },
  { rule: 'no-unresolvable', file: 'packages/queues/src/no-file.ts', text: "import './is-not-there.js';" },
  { rule: 'no-unresolvable', file: 'packages/queues/src/no-library.ts', text: "import 'not-installed-anywhere';" },
  {
    rule: 'no-unresolvable',
    file: 'packages/queues/src/hidden-file.ts',
    text: "import { money } from '@trackly-tune/domain/src/money.js';\nexport { money };",
  },
  {
    rule: 'no-deep-import',
    file: 'packages/queues/src/deep.ts',
    text: "import { money } from '../../domain/src/money.js';\nexport { money };",
  },
  {
    rule: 'no-deep-import',
    file: 'tests/deep.test.ts',
    text: "import { money } from '../packages/domain/src/money.js';\nexport { money };",
  },
  {
    rule: 'packages-are-imported-by-name',
    file: 'packages/queues/src/by-path.ts',
    text: "import { money } from '../../domain/src/index.js';\nexport { money };",
  },
  {
    rule: 'services-never-import-services',
    file: 'services/api/src/reach-over.ts',
    text: "import { pull } from '../../conversion-sync/src/use-cases/pull.js';\nexport { pull };",
  },
  {
    rule: 'packages-never-import-services',
    file: 'packages/database/src/reach-out.ts',
    text: "import { pull } from '../../../services/conversion-sync/src/use-cases/pull.js';\nexport { pull };",
  },
  { rule: 'domain-package-is-pure', file: 'packages/domain/src/reads-files.ts', text: "import 'node:fs';" },
  { rule: 'domain-package-is-pure', file: 'packages/domain/src/logs.ts', text: "import 'pino';" },
  {
    rule: 'domain-package-is-pure',
    file: 'packages/domain/src/answers.ts',
    text: "import type { Schema } from 'fastify-type-provider-zod';\nexport type Answer = Schema;",
  },
  { rule: 'domain-package-is-pure', file: 'packages/domain/src/stores.ts', text: "import '@trackly-tune/database';" },
  {
    rule: 'service-domain-is-pure',
    file: 'services/attribution/src/domain/stores.ts',
    text: "import type { Row } from '@trackly-tune/database';\nexport type Stored = Row;",
  },
  { rule: 'service-domain-is-pure', file: 'services/attribution/src/domain/draws.ts', text: "import 'node:crypto';" },
  {
    rule: 'service-domain-is-pure',
    file: 'services/offer-sync/src/domain/answers.ts',
    text: "import 'fastify-type-provider-zod';",
  },
  {
    rule: 'service-domain-is-pure',
    file: 'services/conversion-sync/src/domain/looks-up.ts',
    text: "import { pull } from '../use-cases/pull.js';\nexport { pull };",
  },
  {
    rule: 'service-domain-is-pure',
    file: 'services/api/src/resources/offers/rules/stores.ts',
    text: "import type { Row } from '@trackly-tune/database';\nexport type Stored = Row;",
  },
  {
    rule: 'service-domain-is-pure',
    file: 'services/api/src/resources/offers/rules/draws.ts',
    text: "import 'node:crypto';",
  },
  {
    rule: 'service-domain-is-pure',
    file: 'services/api/src/resources/offers/rules/answers.ts',
    text: "import 'fastify-type-provider-zod';",
  },
  {
    rule: 'service-domain-is-pure',
    file: 'services/api/src/resources/offers/rules/looks-up.ts',
    text: "import { start } from '../steps/start.js';\nexport { start };",
    beside: { 'services/api/src/resources/offers/steps/start.ts': 'export const start = 1;' },
  },
  { rule: 'only-tune-client-imports-undici', file: 'services/offer-sync/src/calls.ts', text: "import 'undici';" },
  { rule: 'only-queues-imports-bullmq', file: 'services/api/src/enqueues.ts', text: "import 'bullmq';" },
  { rule: 'only-queues-imports-bullmq', file: 'tests/enqueues.test.ts', text: "import 'bullmq';" },
  {
    rule: 'only-queues-imports-bullmq',
    file: 'services/conversion-sync/src/jobs/knows-job.ts',
    text: "import type { Job } from 'bullmq';\nexport type Known = Job;",
  },
  {
    rule: 'only-the-api-imports-bull-board',
    file: 'packages/queues/src/shows-board.ts',
    text: "import '@bull-board/api';",
  },
  { rule: 'only-database-imports-pg', file: 'services/api/src/resources/offers/queries.ts', text: "import 'pg';" },
  {
    rule: 'only-database-imports-pg',
    file: 'services/attribution/src/jobs/queries.ts',
    text: "import type { Pool } from 'pg';\nexport type Connections = Pool;",
  },
  {
    rule: 'only-database-imports-kysely',
    file: 'services/api/src/resources/offers/builds.ts',
    text: "import 'kysely';",
  },
  {
    rule: 'only-database-imports-kysely',
    file: 'packages/service-runtime/src/rows.ts',
    text: "import type { Selectable } from 'kysely';\nexport type Row = Selectable;",
  },
  { rule: 'only-database-imports-kysely', file: 'tools/queries.ts', text: "import 'kysely';" },
  { rule: 'only-database-imports-kysely', file: 'services/offer-sync/src/jobs/builds.ts', text: "import 'kysely';" },
  {
    rule: 'shipped-code-never-imports-the-test-kit',
    file: 'services/api/src/fixture.ts',
    text: "import '@trackly-tune/testing';",
  },
  {
    rule: 'shipped-code-never-imports-the-test-kit',
    file: 'packages/tune-client/src/simulates.ts',
    text: "import '@trackly-tune/tune-simulator';",
  },
  {
    rule: 'sources-never-import-tests',
    file: 'packages/database/src/seeds.ts',
    text: "import { seed } from '../test/seed.js';\nexport { seed };",
    beside: { 'packages/database/test/seed.ts': 'export const seed = 1;' },
  },
  {
    rule: 'sources-never-import-tests',
    file: 'packages/launcher/src/tool.ts',
    text: "import { tool } from '../../../tools/tool.js';\nexport { tool };",
    beside: { 'tools/tool.ts': 'export const tool = 1;' },
  },
  {
    rule: 'tune-simulator-stands-alone',
    file: 'packages/tune-simulator/src/shares.ts',
    text: "import { money } from '@trackly-tune/domain';\nexport { money };",
  },
  {
    rule: 'services-need-real-stores',
    file: 'services/api/src/embeds.ts',
    text: "import '@trackly-tune/embedded-stores';",
  },
  { rule: 'services-need-real-stores', file: 'services/api/src/launches.ts', text: "import '@trackly-tune/launcher';" },
  {
    rule: 'use-cases-do-not-know-their-trigger',
    file: 'services/api/src/resources/offers/steps/import-offers.ts',
    text: "import { route } from '../post-import.js';\nexport { route };",
    beside: { 'services/api/src/resources/offers/post-import.ts': 'export const route = 1;' },
  },
  {
    rule: 'use-cases-do-not-know-their-trigger',
    file: 'services/api/src/resources/offers/steps/presents.ts',
    text: "import { shown } from '../../syncs/present-run.js';\nexport { shown };",
    beside: { 'services/api/src/resources/syncs/present-run.ts': 'export const shown = 1;' },
  },
  {
    rule: 'use-cases-do-not-know-their-trigger',
    file: 'services/attribution/src/use-cases/settle.ts',
    text: "import { job } from '../jobs/settle.js';\nexport { job };",
    beside: { 'services/attribution/src/jobs/settle.ts': 'export const job = 1;' },
  },
  {
    rule: 'main-is-only-started',
    file: 'services/api/src/starts-itself.ts',
    text: "import './main.js';",
    beside: { 'services/api/src/main.ts': 'export {};' },
  },
  {
    rule: 'shipped-code-declares-its-libraries',
    file: 'packages/service-runtime/src/undeclared.ts',
    text: "import 'undeclared-library';",
  },
  {
    rule: 'shipped-code-declares-its-libraries',
    file: 'packages/service-runtime/src/undeclared-built.ts',
    text: "import 'undeclared-built-library';",
  },
  {
    rule: 'shipped-code-declares-its-libraries',
    file: 'packages/service-runtime/src/for-development.ts',
    text: "import 'development-library';",
  },
];

/** What the rules must leave alone: the owner of each library, and tests where they may. */
export const allowed: Readonly<Record<string, string>> = {
  'packages/domain/src/days.ts': "import 'temporal-polyfill';\nimport 'zod';",
  'packages/domain/src/days.test.ts': "import 'node:fs';\nimport './days.js';",
  'packages/tune-client/src/request.ts': "import 'undici';\nimport '@trackly-tune/domain';",
  'packages/tune-client/test/request.test.ts': "import '@trackly-tune/tune-simulator';\nimport '../src/request.js';",
  'packages/tune-simulator/test/asks.test.ts': "import 'undici';",
  'packages/queues/src/worker.ts': "import 'bullmq';\nimport 'ioredis';",
  'packages/database/src/connection/connection.ts': "import 'pg';\nimport 'kysely';",
  'packages/embedded-stores/src/wait.ts': "import 'pg';",
  'packages/testing/src/database.ts': "import 'pg';\nimport '@trackly-tune/embedded-stores';",
  'services/api/src/resources/admin/board.ts': "import '@bull-board/api';",
  'services/api/test/route.test.ts': "import '@trackly-tune/testing';\nimport '../src/resources/admin/board.js';",
  'services/api/test/tables.test.ts': "import 'kysely';",
  'services/attribution/src/domain/explain.ts': "import 'zod';\nimport '@trackly-tune/domain';",
  'services/api/src/resources/offers/rules/explain.ts':
    "import 'zod';\nimport '@trackly-tune/domain';\nimport '../../syncs/rules/judge.js';",
  'services/api/src/resources/syncs/rules/judge.ts': 'export const judge = 1;',
  'services/api/src/resources/syncs/steps/start.ts':
    "import '@trackly-tune/database';\nimport '../schemas.js';\nimport '../rules/judge.js';",
  'services/api/src/resources/syncs/schemas.ts': "import 'zod';\nexport const body = 1;",
  'services/conversion-sync/src/use-cases/pull.ts':
    "import '@trackly-tune/database';\nimport '@trackly-tune/tune-client';\nexport const pull = 1;",
  'packages/service-runtime/src/types-alone.ts':
    "import type { Words } from 'development-library';\nexport type Said = Words;",
  'tests/pipeline.test.ts': "import '@trackly-tune/tune-simulator';\nimport '@trackly-tune/testing';",
  'tools/calls.ts': "import 'undici';\nimport '@trackly-tune/launcher';",
};
