import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { invalidRequest, type ApiError, type ErrorDetail } from './api-error.js';
import { showGiven } from './show-given.js';

const DETAILS_MAX = 50;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Fields that what is changed has, but that cannot be changed, each with what to do instead. */
    fixedFields?: Readonly<Record<string, string>>;
  }
}

/** What a schema refused of one part of a request or of a record. */
export interface Refused {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The fields that the schema does not know. */
  readonly unknownKeys?: readonly string[] | undefined;
}

/** Each refusal with its field, what was expected and what was given. `whole`: what an empty path is called. */
export function describeRefused(
  refused: readonly Refused[],
  sent: unknown,
  options: { whole: string; fixedFields?: Readonly<Record<string, string>> | undefined },
): ErrorDetail[] {
  return refused.flatMap(({ path, message, unknownKeys }): ErrorDetail[] => {
    // Each field that the schema does not know is a mistake of its own, at its own path.
    if (unknownKeys !== undefined) {
      return unknownKeys.map((key) => {
        const fixed = options.fixedFields ?? {};
        const instead = path.length === 0 && Object.hasOwn(fixed, key) ? fixed[key] : undefined;
        return {
          path: [...path, key].join('.'),
          message: instead === undefined ? 'is not a known field' : `cannot be changed: ${instead}`,
        };
      });
    }
    const given = message === 'is required' || path.length === 0 ? '' : showGiven(sent, path);
    return [{ path: path.length === 0 ? options.whole : path.join('.'), message: `${message}${given}` }];
  });
}

/** The parts of a request by the names that the validation gives them. */
export interface SentParts {
  readonly body: unknown;
  readonly query: unknown;
  readonly params: unknown;
  readonly headers: unknown;
  readonly routeOptions: { readonly config: { readonly fixedFields?: Readonly<Record<string, string>> } };
}

const PARTS: Readonly<Record<string, keyof SentParts>> = {
  body: 'body',
  querystring: 'query',
  params: 'params',
  headers: 'headers',
};

/** What a schema refused, as the 400 with the path of each field; null for any other error. */
export function describeInvalid(error: unknown, request: SentParts): ApiError | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const part = (error as { validationContext?: string }).validationContext ?? 'body';
  const refused = error.validation.map(({ instancePath, message, params }): Refused => {
    const { keys } = params as { keys?: unknown };
    return {
      path: instancePath.split('/').filter((step) => step !== ''),
      message: message ?? 'is not valid',
      unknownKeys: Array.isArray(keys) ? keys.map(String) : undefined,
    };
  });
  const sent = request[PARTS[part] ?? 'body'];
  const { fixedFields } = request.routeOptions.config;
  return invalidRequest(...describeRefused(refused, sent, { whole: part, fixedFields }).slice(0, DETAILS_MAX));
}
