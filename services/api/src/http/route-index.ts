import type { FastifyInstance } from 'fastify';

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Which methods a path knows, for the answer to one that it does not. */
export interface RouteIndex {
  /** Empty for a path that no route has. */
  methodsOf(path: string): string[];
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((step) => {
      if (step.startsWith(':')) return '[^/]+';
      if (step === '*') return '.*';
      return step.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}$`);
}

/** Listens to the routes as they are registered: call it before the first one. */
export function indexRoutes(app: FastifyInstance): RouteIndex {
  const known = new Map<string, KnownPath>();
  app.addHook('onRoute', ({ url, method }) => {
    const path = known.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const name of [method].flat()) path.methods.add(name);
    known.set(url, path);
  });
  return {
    methodsOf(path) {
      const found = [...known.values()].filter(({ pattern }) => pattern.test(path));
      return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
    },
  };
}
