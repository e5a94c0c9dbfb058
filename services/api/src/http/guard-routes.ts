import type { FastifyInstance } from 'fastify';
import { storeUnavailable } from './api-error.js';
import type { Authenticator } from './authenticate.js';
import { requireAcceptable } from './negotiate.js';
import { pathOf } from './path-of.js';

/** What anybody may ask: operations, documents, and the postbacks, which bring a secret of their own. */
const PUBLIC = ['/', '/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/conv'];
const ADMIN = '/admin';

const isBelow = (path: string, root: string): boolean => path === root || (root !== '/' && path.startsWith(`${root}/`));

/** How a path is let in: every route needs a key unless its path says otherwise. */
function accessOf(path: string): 'public' | 'admin' | 'key' {
  if (PUBLIC.some((root) => isBelow(path, root))) return 'public';
  return isBelow(path, ADMIN) ? 'admin' : 'key';
}

/**
 * Looks at each request before its body is read: its key, what it accepts, and whether the schema is there. A path that
 * no route has is judged by its text, so that below /v1 nothing is learnt without a key.
 */
export function guardRoutes(
  app: FastifyInstance,
  options: { authenticator: Authenticator; isStoreReady: () => boolean },
): void {
  const { authenticator, isStoreReady } = options;
  app.addHook('onRequest', async (request) => {
    // The pattern of the route, not the text of the URL: %76 is a v to the router.
    const route = request.routeOptions.url;
    const path = route ?? pathOf(request.url);
    const access = accessOf(path);
    if (access === 'admin') authenticator.requireUnscopedKey(request);
    else if (access === 'key' && (route !== undefined || isBelow(path, '/v1'))) {
      authenticator.requireKey(request);
      requireAcceptable(request);
    }
    const needsStore = route !== undefined && (access === 'key' || isBelow(path, '/conv'));
    if (needsStore && !isStoreReady()) throw storeUnavailable();
  });
}

/** The same for the server that takes postbacks alone: nothing there needs a key. */
export function guardPostbacks(app: FastifyInstance, isStoreReady: () => boolean): void {
  app.addHook('onRequest', async (request) => {
    if (isBelow(request.routeOptions.url ?? '', '/conv') && !isStoreReady()) throw storeUnavailable();
  });
}
