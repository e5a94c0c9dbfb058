import fc from 'fast-check';
import net from 'node:net';
import type { Target } from './drawn-request.js';

/** What is not quite HTTP. The body that a length promises may never come: then the service closes, or we do. */
const BYTES = [
  'GET /healthz  HTTP/1.1\r\n\r\n',
  'GET /conv/offer?a=b c HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /healthz HTTP/1.1\r\n\r\n',
  'GET /healthz HTTP/9.9\r\nhost: x\r\n\r\n',
  'get /healthz HTTP/1.1\r\nhost: x\r\n\r\n',
  '\r\n\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'POST /conv/offer HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
  'POST /conv/offer HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
  'POST /conv/offer HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /conv/offer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  'POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: x\r\ncontent-length: 99999999999999999999\r\n\r\n',
  `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  'GET http://other.example/healthz HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET * HTTP/1.1\r\nhost: x\r\n\r\n',
  'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /healthz HTTP/1.1\r\nhost: x\r\nx\u0000y: 1\r\n\r\n',
  'GET /healthz HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
];

export interface RawRequest {
  readonly target: Target;
  readonly bytes: string;
}

export const rawRequests: fc.Arbitrary<RawRequest> = fc.record({
  target: fc.constantFrom<Target>('api', 'postbacks'),
  bytes: fc.constantFrom(...BYTES),
});

/** Sends the bytes and reads until nothing comes for a moment; the status is 0 where nothing was answered at all. */
export function sendRaw(
  { target, bytes }: RawRequest,
  urls: Readonly<Record<Target, string>>,
  quietMs = 500,
): Promise<number> {
  const { hostname, port } = new URL(urls[target]);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.once('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
    socket.end(bytes, 'latin1');
  });
}
