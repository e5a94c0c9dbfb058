import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, testRedis, type TestDatabase } from '@trackly-tune/testing';
import { readPage } from '../system/markdown-blocks.js';
import { findProgram, testWith } from '../system/needed-programs.js';
import { startServices, type RunningServices } from '../system/start-services.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const NEEDED = { promtool: 'apt-get install prometheus' };
const OF_THE_PROCESS = /^(process|nodejs)_/;
/** What Prometheus itself adds, and the label that every sample of ours carries. */
const LABELS_OF_ALL = ['job', 'instance', 'service', 'le', '__name__'];

/** Metrics of the reference with their labels. */
const documented = new Map(
  [...readPage('docs/reference/metrics.md').matchAll(/^\| `(\w+)` *\|[^|]*\|([^|]*)\|/gm)].map(
    ([, name = '', labels = '']) => [name, labels.split(',').map((label) => label.trim())] as const,
  ),
);
const alerts = readPage('docs/alerts.yml')
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((text) => ({
    name: /^\w+/.exec(text)?.[0] ?? '',
    expression: /^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.*))/m.exec(text)?.slice(1).join('') ?? '',
    runbook: /^ {10}runbook_url: (\S+)$/m.exec(text)?.[1] ?? '',
  }));
const dashboard = JSON.parse(readPage('deploy/grafana/trackly-tune.json')) as {
  panels: { title: string; targets?: { expr: string; legendFormat: string }[] }[];
};
const panels = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

/** The metrics that an expression asks for; a matcher of names asks for those of the reference that fit. */
function metricsIn(expression: string): string[] {
  const byPattern = [...expression.matchAll(/__name__=~"([^"]+)"/g)].flatMap(([, pattern = '']) =>
    [...documented.keys()].filter((name) => new RegExp(`^(?:${pattern})$`).test(name)),
  );
  const bare = expression.replaceAll(/"[^"]*"/g, '""');
  const named = [...bare.matchAll(/\b(?:trackly|http|process|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
    documented.has(name) || OF_THE_PROCESS.test(name) ? name : name.replace(/_(bucket|count|sum)$/, ''),
  );
  return [...named, ...byPattern];
}

let database: TestDatabase;
let services: RunningServices;
/** What the services show, all together. */
const shown = new Set<string>();

beforeAll(async () => {
  database = await createTestDatabase();
  const redis = testRedis();
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: redis.url, queuePrefix: redis.prefix },
    tuneApiUrl: 'http://127.0.0.1:9/{network_id}',
  });
  await services.ready();
  for (const { url } of services.all) {
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const [, name = ''] of text.matchAll(/^# TYPE (\w+) /gm)) shown.add(name);
  }
}, 180_000);
afterAll(async () => {
  await services.stop();
  await database.drop();
}, 60_000);

describe('the metrics', () => {
  test('are those of the reference, no more and no fewer', () => {
    const ours = [...shown].filter((name) => !OF_THE_PROCESS.test(name));
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.sort()).toEqual([...documented.keys()].sort());
  });

  test('are each in a panel', () => {
    const seen = new Set(panels.flatMap(({ expr }) => metricsIn(expr)));
    expect([...documented.keys()].filter((name) => !seen.has(name))).toEqual([]);
  });
});

describe.each([
  ['alerts.yml', alerts.map(({ name, expression }) => ({ name, expression }))],
  ['the dashboard', panels.map(({ title, expr }) => ({ name: title, expression: expr }))],
])('%s', (_name, entries) => {
  test('asks only for metrics that the services show', () => {
    expect(entries.length).toBeGreaterThan(10);
    const unknown = entries.flatMap(({ name, expression }) =>
      metricsIn(expression)
        .filter((metric) => !shown.has(metric))
        .map((metric) => `${name}: ${metric}`),
    );
    expect(unknown).toEqual([]);
  });

  test('groups and names only by labels that its metrics have', () => {
    const unknown = entries.flatMap(({ name, expression }) => {
      const metrics = expression.includes('__name__=~') ? [...documented.keys()] : metricsIn(expression);
      const known = [...LABELS_OF_ALL, ...metrics.flatMap((metric) => documented.get(metric) ?? [])];
      const asked = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
      const matched = [...expression.matchAll(/[{,]\s*(\w+)(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
      return [...asked, ...matched].filter((label) => !known.includes(label)).map((label) => `${name}: ${label}`);
    });
    expect(unknown).toEqual([]);
  });
});

describe('the alerts', () => {
  test('each have a runbook that is there', () => {
    expect(alerts.filter(({ runbook }) => !existsSync(path.join(ROOT, runbook)) || runbook === '')).toEqual([]);
  });

  test('are each named in the heading of their runbook', () => {
    const headingOf = (page: string) => /^# (.*)/.exec(readPage(page))?.[1]?.split(', ') ?? [];
    expect(alerts.filter(({ name, runbook }) => !headingOf(runbook).includes(name))).toEqual([]);
  });

  test('are there for every runbook that is headed by their names', () => {
    const names = new Set(alerts.map(({ name }) => name));
    const headed = readdirSync(path.join(ROOT, 'docs/runbooks')).flatMap((file) => {
      const [, heading = ''] = /^# (.*)/.exec(readPage(`docs/runbooks/${file}`)) ?? [];
      return heading
        .split(', ')
        .filter((word) => /^[A-Z][a-z]+[A-Z]\w+$/.test(word))
        .map((name) => ({ file, name }));
    });
    expect(headed.length).toBeGreaterThan(8);
    expect(headed.filter(({ name }) => !names.has(name))).toEqual([]);
  });
});

describe('the example for Prometheus', () => {
  const example = readPage('deploy/prometheus/prometheus.yml');

  test('has the job names that the alerts look for, and the health ports of the units', () => {
    const jobs = [...example.matchAll(/job_name: (\S+)/g)].map(([, job]) => job);
    expect(jobs).toHaveLength(4);
    expect(jobs.filter((job) => !job?.startsWith('trackly-tune'))).toEqual([]);
    const units = readdirSync(path.join(ROOT, 'deploy/systemd')).filter((file) => file.endsWith('.service'));
    const ports = units.map((file) =>
      /HEALTH_PORT=(\S+)/.exec(readPage(`deploy/systemd/${file}`))?.[1]?.replace('%i', '1'),
    );
    expect([...example.matchAll(/'127\.0\.0\.1:(\d+)'/g)].map(([, port]) => port).sort()).toEqual(ports.sort());
  });

  testWith(NEEDED)('and the alerts are understood by Prometheus', () => {
    const check = (...args: string[]) =>
      spawnSync(findProgram('promtool') ?? '', ['check', ...args], { cwd: ROOT, encoding: 'utf8' });
    expect(check('config', '--syntax-only', 'deploy/prometheus/prometheus.yml')).toMatchObject({ status: 0 });
    expect(check('rules', 'docs/alerts.yml')).toMatchObject({ status: 0 });
  });

  testWith(NEEDED)('and so are the queries of the dashboard', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-queries-'));
    try {
      const rules = panels.map(({ expr }, index) => ({ record: `panel:query:${index}`, expr }));
      writeFileSync(path.join(folder, 'queries.yml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
      const args = ['check', 'rules', path.join(folder, 'queries.yml')];
      const { status, stdout, stderr } = spawnSync(findProgram('promtool') ?? '', args, { encoding: 'utf8' });
      expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
