import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { ExportSlots } from './export-slots.js';
import { textCell, writeCsvLine, type CsvCell } from './write-csv.js';

/** How long an export may take: longer than other answers, which are read in one go. */
export const EXPORT_TIMEOUT_MS = 15 * 60_000;

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
 * Answers with a stream of CSV with a header row, in one of the app's slots for exports, which is held from before the
 * export is opened until it is sent or its caller has gone. Memory holds one batch; a caller that goes away ends the
 * reading. What fails on the way breaks the connection off, so that half an export is never taken for a whole one.
 */
export async function sendCsv(
  reply: FastifyReply,
  slots: ExportSlots,
  open: () => Promise<CsvExport>,
): Promise<FastifyReply> {
  const giveBack = slots.take();
  const csv = await open().catch((error: unknown) => {
    giveBack();
    throw error;
  });
  const stream = Readable.from(writeLines(csv), { objectMode: true, highWaterMark: 1 });
  stream.once('close', () => {
    giveBack();
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
