import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Routes that also answer with CSV. */
    csv?: boolean;
  }
}

/** The query parameter that says what Accept says too, for links and spreadsheets. */
export const format = z
  .enum(['json', 'csv'])
  .optional()
  .meta({ description: 'Also chosen by `Accept: text/csv`; CSV has a header row and every row, without pages' });

/** The quality that an Accept header gives to a type: that of its most specific range; 0 when none covers it. */
function qualityOf(accept: string, type: string): number {
  const found = new Map<string, number>();
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    found.set(name, Number(quality));
  }
  const [family = ''] = type.split('/');
  return found.get(type) ?? found.get(`${family}/*`) ?? found.get('*/*') ?? 0;
}

/** Throws 406 `not_acceptable` when the caller takes nothing that the route has: JSON, and CSV where it says so. */
export function requireAcceptable(request: FastifyRequest): void {
  const { accept } = request.headers;
  if (accept === undefined || accept.trim() === '' || qualityOf(accept, 'application/json') > 0) return;
  if (request.routeOptions.config.csv === true && qualityOf(accept, 'text/csv') > 0) return;
  throw new ApiError(406, 'not_acceptable', 'Answers are application/json, which the Accept header leaves out');
}

/** Whether the caller wants CSV: by `format`, else by what its Accept header likes better. */
export function wantsCsv(request: FastifyRequest, asked: 'json' | 'csv' | undefined): boolean {
  if (asked !== undefined) return asked === 'csv';
  const accept = request.headers.accept ?? '';
  return qualityOf(accept, 'text/csv') > qualityOf(accept, 'application/json');
}

/** Whether the caller is rather a browser than a program. */
export function prefersHtml({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const accept = headers.accept ?? '';
  return qualityOf(accept, 'text/html') > qualityOf(accept, 'application/json');
}
