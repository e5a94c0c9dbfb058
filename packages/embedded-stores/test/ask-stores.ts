import { connect } from 'node:net';
import pg from 'pg';

/** The first column of the first row. */
export async function askPostgres(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

/** What Redis answers to one command, as it stands on the wire. */
export function askRedis(url: string, command: string): Promise<string> {
  const { port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => void (said += text));
    socket.once('error', reject);
    socket.once('close', () => resolve(said));
    const login = password ? `AUTH ${password}\r\n` : '';
    socket.once('connect', () => socket.write(`${login}${command}\r\nQUIT\r\n`));
  });
}
