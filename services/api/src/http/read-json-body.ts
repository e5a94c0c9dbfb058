import type { FastifyInstance } from 'fastify';
import { invalidRequest } from './api-error.js';

/**
 * Reads `application/json` and nothing else. An empty body counts as none, since clients name the type also where
 * they send nothing; the schema says whether a body is needed.
 */
export function readJsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    void parse(request, body.toString(), (error, value) => {
      if (error) done(invalidRequest({ path: 'body', message: 'is not JSON that can be read' }));
      else done(null, value);
    });
  });
}
