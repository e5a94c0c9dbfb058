import { createServer } from 'node:net';
import { ConfigurationError } from '@trackly-tune/service-runtime';

/**
 * A port of the API, tried before anything is started: a taken one would only show as a service that dies again and
 * again. 0 chooses one, which then stays the same over restarts. Throws ConfigurationError.
 */
export function choosePort(host: string, port: number, name = 'PORT'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new ConfigurationError([`${name}: ${port} on HOST ${host} cannot be used (${error.code ?? error.message})`]),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
