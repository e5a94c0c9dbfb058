import type { FastifyInstance } from 'fastify';
import { invalidRequest } from './api-error.js';
import { isNestedTooDeeply } from './judge-nesting.js';

/**
 * Reads `application/json` and nothing else, and only so deep that everything behind it may walk through. An empty body
 * counts as none, since clients name the type also where they send nothing; the schema says whether a body is needed.
 */
export function readJsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    const text = body.toString();
    if (isNestedTooDeeply(text)) return done(invalidRequest({ path: 'body', message: 'is nested too deeply' }));
    void parse(request, text, (error, value) => {
      if (error) done(invalidRequest({ path: 'body', message: 'is not JSON that can be read' }));
      else done(null, value);
    });
  });
}
