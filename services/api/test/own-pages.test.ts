import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApiWorld, type ApiWorld } from './api-world.js';
import { foreignPartsOf, partsOf } from './page-parts.js';

const ASSETS_MAX = 200;

let api: ApiWorld;
beforeAll(async () => {
  api = await startApiWorld();
});
afterAll(() => api.close());

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly policy: string | null;
  readonly text: string;
}

/** A page and everything that it asks for, and what that asks for. Throws for a part that is not there. */
async function assetsOf(page: string): Promise<Asset[]> {
  const found = new Map<string, Asset>();
  const wanted = [page];
  for (let path = wanted.shift(); path !== undefined; path = wanted.shift()) {
    if (found.has(path)) continue;
    if (found.size >= ASSETS_MAX) throw new Error(`${page} asks for more than ${ASSETS_MAX} parts`);
    const reply = await api.call('GET', path);
    if (reply.status !== 200) throw new Error(`${path} is ${reply.status}`);
    const text = typeof reply.body['text'] === 'string' ? reply.body['text'] : JSON.stringify(reply.body);
    const type = String(reply.headers['content-type']);
    const policy = reply.headers['content-security-policy'];
    found.set(path, { path, type, text, policy: typeof policy === 'string' ? policy : null });
    wanted.push(...partsOf({ text, type, path }));
  }
  return [...found.values()];
}

/** The sources that a policy allows, by directive. */
const sourcesOf = (policy: string): Map<string, string[]> =>
  new Map(
    policy.split(';').map((directive): [string, string[]] => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );

const OWN = new Set(["'self'", "'none'", "'unsafe-inline'", 'data:']);

test.each([
  ['/docs', /swagger-ui-bundle\.js$/],
  ['/admin/queues', /\.js$/],
])(
  '%s needs nothing of another host: no part, no style, no script, and its policy lets none in',
  async (page, script) => {
    const assets = await assetsOf(page);
    expect(assets.some(({ path }) => script.test(path))).toBe(true);
    expect(assets.some(({ type }) => type.startsWith('text/css'))).toBe(true);
    expect(assets.flatMap((asset) => foreignPartsOf(asset).map((part) => `${asset.path}: ${part}`))).toEqual([]);
    const pages = assets.filter(({ type }) => type.startsWith('text/html'));
    expect(pages.length).toBeGreaterThan(0);
    for (const { policy } of pages) {
      const sources = sourcesOf(policy ?? '');
      expect(sources.get('default-src')).toEqual(["'self'"]);
      expect([...sources.values()].flat().filter((source) => !OWN.has(source))).toEqual([]);
      // What no default covers.
      for (const directive of ['base-uri', 'frame-ancestors', 'form-action']) expect(sources.has(directive)).toBe(true);
      expect(sources.get('script-src')).toEqual(["'self'"]);
    }
  },
);
