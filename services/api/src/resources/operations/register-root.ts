import { VERSION } from '@trackly-tune/service-runtime';
import type { FastifyInstance } from 'fastify';
import { prefersHtml } from '../../http/negotiate.js';

const PAGES = { docs: '/docs', openapi: '/openapi.json', api: '/v1', queues: '/admin/queues', health: '/healthz' };
const ABOUT = 'Connects the Trackly messaging platform with TUNE (HasOffers) affiliate networks';

const MEANINGS: Readonly<Record<keyof typeof PAGES, string>> = {
  docs: 'every call with its fields and errors',
  openapi: 'the same for programs (OpenAPI 3.1)',
  api: 'the API itself, with a key in X-Api-Key',
  queues: 'the queues, with a key of all accounts',
  health: 'whether the service is alive',
};

const HTML = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>trackly-tune</title></head>
<body><h1>trackly-tune ${VERSION}</h1><p>${ABOUT}.</p><ul>
${Object.entries(PAGES)
  .map(([name, path]) => `<li><a href="${path}">${path}</a> ${MEANINGS[name as keyof typeof PAGES]}</li>`)
  .join('\n')}
</ul></body></html>
`;

/** `GET /`: what this is and where to read on, for people and for programs. */
export async function registerRoot(app: FastifyInstance): Promise<void> {
  app.get('/', { schema: { hide: true } }, (request, reply) => {
    void reply.header('vary', 'accept');
    if (prefersHtml(request)) {
      return reply
        .header('content-security-policy', "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
        .type('text/html; charset=utf-8')
        .serializer((body: unknown) => String(body))
        .send(HTML);
    }
    return reply.send({ name: 'trackly-tune', version: VERSION, about: ABOUT, pages: PAGES });
  });
}
