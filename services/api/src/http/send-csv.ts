import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { ApiError } from './api-error.js';
import { textCell, writeCsvLine, type CsvCell } from './write-csv.js';

/** Exports at once in one process: each may hold a connection to PostgreSQL for as long as its reader takes. */
const EXPORTS_AT_ONCE_MAX = 4;
/** How long an export may take: longer than other answers, which are read in one go. */
export const EXPORT_TIMEOUT_MS = 15 * 60_000;

let running = 0;

/** Throws 503 when as many exports run as this process takes. Call it before anything is read. */
export function requireExportSlot(): void {
  if (running < EXPORTS_AT_ONCE_MAX) return;
  throw new ApiError(503, 'exports_busy', 'Other exports are still running; try again', {
    headers: { 'retry-after': '10' },
  });
}

export interface CsvExport {
  readonly fileName: string;
  readonly columns: readonly string[];
  /** Batches of lines; read only as fast as the caller takes them. */
  readonly batches: AsyncIterable<readonly (readonly CsvCell[])[]>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called once, when everything is sent or the caller has gone. */
  readonly close?: () => Promise<void>;
}

async function* writeLines({ columns, batches }: CsvExport): AsyncGenerator<string, void, void> {
  yield writeCsvLine(columns.map(textCell));
  for await (const lines of batches) yield lines.map(writeCsvLine).join('');
}

/**
 * Answers with a stream of CSV with a header row. Memory holds one batch; a caller that goes away ends the reading.
 * What fails on the way breaks the connection off, so that half an export is never taken for a whole one.
 */
export function sendCsv(reply: FastifyReply, csv: CsvExport): FastifyReply {
  const stream = Readable.from(writeLines(csv), { objectMode: true, highWaterMark: 1 });
  running += 1;
  stream.once('close', () => {
    running -= 1;
    csv
      .close?.()
      .catch((error: unknown) =>
        reply.log.warn({ request_id: reply.request.id, err: error }, 'an export was not closed'),
      );
  });
  return reply
    .type('text/csv; charset=utf-8; header=present')
    .headers({ ...csv.headers, 'content-disposition': `attachment; filename="${csv.fileName}"` })
    .send(stream);
}
