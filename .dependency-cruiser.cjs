/*
 * Who may import whom. Imports point inwards: service → packages → domain.
 * Every rule has a planted violation in tests/import-rules/plants.ts; a rule without one fails the tests.
 */
const path = require('node:path');

/** A library by its name, wherever pnpm puts it, its types included, declared by the importer or not. */
const library = (...names) => `(^|node_modules/)(@types/)?(${names.join('|')})(/|$)`;
const inPackages = (...names) => `^packages/(${names.join('|')})/`;

const TEST_FILE = '[.]test[.]ts$|^(packages|services)/[^/]+/test/';
const BESIDE_WHAT_SHIPS = '^(tests|tools|bench)/';
const TEST_KIT = inPackages('testing', 'tune-simulator');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Files that import each other in a circle cannot be understood, tested or loaded one by one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere: no such file, not installed for this package, or hidden by `exports`.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-deep-import',
      comment:
        'A package shows what src/index.ts exports; its other files are its own, but for what tests are made of.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|services/[^/]+|tests|tools|bench)/' },
      to: { path: '^packages/', pathNot: ['^$1/', '^packages/[^/]+/(src/index[.]ts$|test/)'] },
    },
    {
      name: 'packages-are-imported-by-name',
      comment: 'A relative path into another package passes its package.json by, and with it what it declares.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|services/[^/]+|tests|tools|bench)/' },
      to: { path: '^packages/[^/]+/src/index[.]ts$', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'services-never-import-services',
      comment: 'Services meet in PostgreSQL and in the queues, never in code.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-never-import-services',
      comment: 'Imports point inwards.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^services/' },
    },
    {
      name: 'domain-package-is-pure',
      comment: 'The shared vocabulary knows itself, zod and temporal-polyfill; no I/O, no Node.js module.',
      severity: 'error',
      from: { path: '^packages/domain/src/', pathNot: TEST_FILE },
      to: { pathNot: ['^packages/domain/src/', library('zod', 'temporal-polyfill')] },
    },
    {
      name: 'service-domain-is-pure',
      comment: "A service's rules know themselves, the domain package and zod; what they need is passed in.",
      severity: 'error',
      from: { path: '^services/([^/]+)/src/(domain|resources/[^/]+/rules)/', pathNot: TEST_FILE },
      to: {
        pathNot: ['^services/$1/src/(domain|resources/[^/]+/rules)/', '^packages/domain/', library('zod')],
      },
    },
    {
      name: 'only-tune-client-imports-undici',
      comment: 'One place talks to TUNE, with its limits, time-outs and scrubbing.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: [inPackages('tune-client'), TEST_FILE] },
      to: { path: library('undici') },
    },
    {
      name: 'only-queues-imports-bullmq',
      comment: 'One place knows the job catalogue and how a job is retried.',
      severity: 'error',
      from: { pathNot: inPackages('queues') },
      to: { path: library('bullmq') },
    },
    {
      name: 'only-the-api-imports-bull-board',
      comment: 'The board of the queues is a page of the API.',
      severity: 'error',
      from: { pathNot: '^services/api/' },
      to: { path: library('@bull-board') },
    },
    {
      name: 'only-database-imports-pg',
      comment:
        'Every SQL statement is in the database package; only what starts, prepares or measures servers connects as well.',
      severity: 'error',
      from: { pathNot: [inPackages('database', 'embedded-stores', 'testing'), '^bench/'] },
      to: { path: library('pg', 'pg-[^/]+') },
    },
    {
      name: 'only-database-imports-kysely',
      comment: 'Every SQL statement of what ships is in the database package; tests may look into tables themselves.',
      severity: 'error',
      from: { pathNot: [inPackages('database'), TEST_FILE] },
      to: { path: library('kysely') },
    },
    {
      name: 'shipped-code-never-imports-the-test-kit',
      comment: 'Fixtures and the simulated network stay out of what runs in production.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: [TEST_KIT, TEST_FILE] },
      to: { path: TEST_KIT },
    },
    {
      name: 'sources-never-import-tests',
      comment: 'What a test is made of is not part of the product.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: TEST_FILE },
      to: { path: [TEST_FILE, BESIDE_WHAT_SHIPS] },
    },
    {
      name: 'tune-simulator-stands-alone',
      comment: 'A simulated network that shared our code would share our mistakes.',
      severity: 'error',
      from: { path: '^packages/tune-simulator/', pathNot: TEST_FILE },
      to: { path: '^packages/', pathNot: '^packages/tune-simulator/' },
    },
    {
      name: 'services-need-real-stores',
      comment:
        'A service started alone refuses to start without stores; embedded ones are the business of what starts it.',
      severity: 'error',
      from: { path: '^services/', pathNot: TEST_FILE },
      to: { path: inPackages('embedded-stores', 'launcher') },
    },
    {
      name: 'use-cases-do-not-know-their-trigger',
      comment: 'A use case is called by a job or a route and works the same from either.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/(use-cases|resources/[^/]+/steps)/' },
      to: {
        path: [
          '^services/$1/src/(jobs/|service[.]ts$|create-app[.]ts$|register-routes[.]ts$)',
          // Of a resource, its steps, rules and schemas; everything else there is a route or belongs to one.
          '^services/$1/src/resources/(?![^/]+/(steps/|rules/|schemas[.]ts$))',
        ],
      },
    },
    {
      name: 'main-is-only-started',
      comment: 'Importing an entry point would start a service.',
      severity: 'error',
      from: {},
      to: { path: '^services/[^/]+/src/main[.]ts$' },
    },
    {
      name: 'shipped-code-declares-its-libraries',
      comment:
        'What runs in production stands under `dependencies` of its own package; types alone may be for development.',
      severity: 'error',
      from: { path: '^(packages|services)/[^/]+/src/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What our own build and Jest write; libraries whose entry lies in a `dist` of theirs are looked at as any other.
    exclude: { path: '^((packages|services)/[^/]+/dist|coverage)/' },
    // Types count: a type that leaks is knowledge that leaks.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: path.join(__dirname, 'tsconfig.json') },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['development', 'types', 'import', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
