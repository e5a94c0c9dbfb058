import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { invalidRequest, type ApiError, type ErrorDetail } from './api-error.js';

const DETAILS_MAX = 50;

interface Issue {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

function detailsOf(issue: Issue, part: string): ErrorDetail[] {
  const path = issue.instancePath.split('/').filter((step) => step !== '');
  const { keys } = issue.params;
  // Each field that the schema does not know is a mistake of its own, at its own path.
  if (Array.isArray(keys)) {
    return keys.map((key) => ({ path: [...path, String(key)].join('.'), message: 'is not a known field' }));
  }
  return [{ path: path.length === 0 ? part : path.join('.'), message: issue.message ?? 'is not valid' }];
}

/** What a schema refused, as the 400 with the path of each field; null for any other error. */
export function describeInvalid(error: unknown): ApiError | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const part = (error as { validationContext?: string }).validationContext ?? 'body';
  return invalidRequest(...error.validation.flatMap((issue) => detailsOf(issue, part)).slice(0, DETAILS_MAX));
}
