import type { SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HeaderName } from './answer-headers.js';
import type { RouteFrame } from './openapi-types.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers are kept under the caller's Idempotency-Key: the route answers through `ApiPorts.inTransaction`. */
    keepsAnswers?: boolean;
    /** The first line of the route's CSV. */
    csvColumns?: readonly string[];
    /** Headers of the successful answer. */
    answerHeaders?: readonly HeaderName[];
  }
}

/** The schemas of a route as JSON schemas, and beside them what its `config` says, for `finishDocument`. */
export const transformRoute: SwaggerTransform = (described) => {
  const { schema, url } = jsonSchemaTransform(described);
  const { config } = described.route;
  const body: unknown = described.schema?.body;
  const frame: RouteFrame = {
    keepsAnswers: config?.keepsAnswers ?? false,
    needsBody: !(body instanceof z.ZodType && body.safeParse(undefined).success),
    csvColumns: config?.csvColumns ?? null,
    answerHeaders: config?.answerHeaders ?? [],
  };
  return { schema: { ...schema, 'x-frame': frame }, url };
};
