import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { VERSION } from '@trackly-tune/service-runtime';
import type { FastifyInstance } from 'fastify';
import { transformDocument } from './finish-document.js';
import { transformRoute } from './route-frame.js';

const DESCRIPTION = `Connects the messaging platform with TUNE affiliate networks.

JSON in snake_case, times in UTC with Z, money as decimal strings beside its currency. Short lists have \`page\` and
\`per_page\`, long ones \`after\` and \`limit\` with \`next\` in the answer. POST requests that create something take an
\`Idempotency-Key\` header: within 24 hours the same request gets the same answer.`;

const TAGS = [
  { name: 'integrations', description: 'Networks and how they are synced' },
  { name: 'syncs', description: 'Sync runs and the integration log' },
  { name: 'offers', description: 'The catalogue, imported offers and their links' },
  { name: 'platform', description: 'What the platform tells: messages and clicks' },
  { name: 'books', description: 'Conversions, revenue and its changes' },
  { name: 'postbacks', description: 'What the network calls' },
  { name: 'operations', description: 'Liveness, readiness, metrics' },
];

/** Everything comes from here, and nothing is asked of other hosts; inline styles are the pages' own. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; base-uri 'self'; font-src 'self' data:; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; " +
  "object-src 'none'; script-src 'self'; script-src-attr 'none'; style-src 'self' 'unsafe-inline'";

/** The OpenAPI document at /openapi.json and readable at /docs, from the schemas of the routes. Register it first. */
export async function serveDocuments(app: FastifyInstance, options: { publicUrl: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'trackly-tune',
        version: VERSION,
        description: DESCRIPTION,
        license: { name: 'Unlicensed: all rights reserved', identifier: 'LicenseRef-UNLICENSED' },
      },
      servers: [{ url: options.publicUrl }],
      tags: TAGS,
      components: {
        securitySchemes: {
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'X-Api-Key',
            description: 'A key of API_KEYS; one that is bound to an account sees that account alone',
          },
        },
      },
      security: [{ apiKey: [] }],
    },
    transform: transformRoute,
    transformObject: transformDocument,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    indexPrefix: '',
    staticCSP: CONTENT_SECURITY_POLICY,
    uiConfig: { url: '/openapi.json', validatorUrl: null, persistAuthorization: false },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
