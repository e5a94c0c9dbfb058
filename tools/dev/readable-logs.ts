import pretty from 'pino-pretty';

/**
 * Takes the lines of the services and writes them for people: time, level, service, message, and the other fields
 * below. Lines that are no JSON pass as they are.
 */
export function readableLogs(destination: NodeJS.WritableStream, colours: boolean): (line: string) => void {
  const stream = pretty({
    destination,
    colorize: colours,
    sync: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,service',
    messageFormat: '{service}: {msg}',
  });
  return (line) => void stream.write(`${line}\n`);
}
