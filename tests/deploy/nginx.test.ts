import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@trackly-tune/embedded-stores';
import { createTestDatabase, testRedis, until, type TestDatabase } from '@trackly-tune/testing';
import { readPage } from '../system/markdown-blocks.js';
import { findProgram, testWith } from '../system/needed-programs.js';
import { startServices, type RunningServices } from '../system/start-services.js';

const EXAMPLE = 'deploy/nginx/trackly-tune.conf';
const PUBLIC = 'in.example.com';
const INTERNAL = 'trackly-tune.internal.example.com';
const NEEDED = { nginx: 'apt-get install nginx-light', openssl: 'apt-get install openssl' };
const isHere = Object.keys(NEEDED).every((name) => findProgram(name) !== null);

let folder: string;
let database: TestDatabase;
let services: RunningServices;
let nginx: ChildProcess;
let port: number;

/** The example as it stands, with other ports and a certificate of the test. */
async function configure(ports: { api: number; postbacks: number }): Promise<string> {
  port = await freePort();
  const key = path.join(folder, 'test.key');
  const certificate = path.join(folder, 'test.pem');
  const made = spawnSync(findProgram('openssl') ?? '', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${PUBLIC}`],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  const example = readPage(EXAMPLE)
    .replaceAll('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replaceAll('server 127.0.0.1:3000;', `server 127.0.0.1:${ports.api};`)
    .replaceAll('server 127.0.0.1:3001;', `server 127.0.0.1:${ports.postbacks};`)
    .replaceAll(/ssl_certificate \S+;/g, `ssl_certificate ${certificate};`)
    .replaceAll(/ssl_certificate_key \S+;/g, `ssl_certificate_key ${key};`);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${path.join(folder, name)};`,
  );
  mkdirSync(path.join(folder, 'conf.d'));
  writeFileSync(path.join(folder, 'conf.d/trackly-tune.conf'), example);
  // Root's nginx would work as another user, who cannot enter the folder of the test.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const around = `daemon off; ${user} pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events {} http { access_log ${folder}/access.log; ${places.join(' ')} include conf.d/*.conf; }`;
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(file, around);
  return file;
}

interface Answer {
  readonly status: number;
  /** Of an error of ours; null where somebody else answers. */
  readonly code: string | null;
}

function codeIn(body: string): string | null {
  try {
    return (JSON.parse(body) as { code?: string }).code ?? null;
  } catch {
    return null;
  }
}

function ask(
  host: string,
  at: string,
  options: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: at,
        method,
        servername: host,
        rejectUnauthorized: false,
        agent: false,
        headers: { host, ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, code: codeIn(text) }));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

beforeAll(async () => {
  if (!isHere) return;
  folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-nginx-'));
  database = await createTestDatabase();
  const redis = testRedis();
  const ports = { api: await freePort(), postbacks: await freePort() };
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: redis.url, queuePrefix: redis.prefix },
    tuneApiUrl: 'http://127.0.0.1:9/{network_id}',
    copies: { 'offer-sync': 0, 'conversion-sync': 0, attribution: 0 },
    env: {
      PORT: String(ports.api),
      POSTBACK_PORT: String(ports.postbacks),
      HEALTH_PORT: String(await freePort()),
      TRUST_PROXY: 'loopback',
    },
  });
  // Alive comes before ready: until the schema stands, every postback is answered 503.
  await services.ready();
  const file = await configure(ports);
  nginx = spawn(findProgram('nginx') ?? '', ['-p', folder, '-c', file], { stdio: 'ignore' });
  await until('the API answers through nginx', 90_000, async () => (await ask(INTERNAL, '/healthz')).status === 200);
}, 120_000);
afterAll(async () => {
  if (!isHere) return;
  nginx.kill('SIGQUIT');
  await new Promise((resolve) => (nginx.exitCode === null ? nginx.once('exit', resolve) : resolve(null)));
  await services.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('the nginx example', () => {
  testWith(NEEDED)('lets postbacks through on the public name, however TUNE sends them', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const unknown = { status: 404, code: 'offer_not_found' };
    expect(await ask(PUBLIC, '/conv/offer?offer_id=ofr_999&postback_secret=x&txn_id=1')).toEqual(unknown);
    expect(
      await ask(PUBLIC, '/conv/offer', { method: 'POST', headers: form, body: 'offer_id=ofr_999&postback_secret=x' }),
    ).toEqual(unknown);
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ offer_id: 'ofr_999', postback_secret: 'x' });
    expect(await ask(PUBLIC, '/conv/offer', { method: 'POST', headers: json, body })).toEqual(unknown);
  });

  testWith(NEEDED)('shows nothing else on the public name', async () => {
    const paths = [
      '/',
      '/healthz',
      '/readyz',
      '/metrics',
      '/docs',
      '/openapi.json',
      '/admin/queues',
      '/v1/integrations',
    ];
    for (const at of [...paths, '/conv/offer/', '/conv/offer/../../v1/integrations', '/console']) {
      const answer = await ask(PUBLIC, at, { headers: { 'x-api-key': services.secrets.apiKey } });
      expect({ at, ...answer }).toEqual({ at, status: 404, code: null });
    }
  });

  testWith(NEEDED)('shows the API on the internal name, but neither metrics nor readiness', async () => {
    const headers = { 'x-api-key': services.secrets.apiKey };
    expect((await ask(INTERNAL, '/v1/integrations', { headers })).status).toBe(200);
    expect((await ask(INTERNAL, '/v1/integrations')).status).toBe(401);
    expect((await ask(INTERNAL, '/docs')).status).toBeLessThan(400);
    for (const at of ['/metrics', '/readyz', '/conv/offer']) expect((await ask(INTERNAL, at)).status).toBe(404);
  });

  testWith(NEEDED)('leaves it to the API to refuse a body that is too large', async () => {
    const headers = { 'x-api-key': services.secrets.apiKey, 'content-type': 'application/json' };
    const body = JSON.stringify({ records: ['x'.repeat(5 * 1024 * 1024 + 1)] });
    const answer = await ask(INTERNAL, '/v1/messages', { method: 'POST', headers, body });
    expect(answer).toEqual({ status: 413, code: 'body_too_large' });
  });
});
