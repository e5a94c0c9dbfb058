// A process that starts both stores in the folder given, says what a test needs to know, and waits to be ended.
import { startEmbeddedPostgres, startEmbeddedRedis } from '@trackly-tune/embedded-stores';

const dataDir = process.argv[2] ?? '';
const notes: string[] = [];
const onNote = (line: string): void => void notes.push(line);
try {
  const postgres = await startEmbeddedPostgres({ dataDir, onNote });
  const redis = await startEmbeddedRedis({ dataDir, onNote });
  const pick = ({ url, pid, kind }: typeof redis) => ({ url, pid, kind });
  console.log(JSON.stringify({ postgres: pick(postgres), redis: pick(redis), notes }));
  process.once('SIGTERM', () => {
    void redis
      .stop()
      .then(() => postgres.stop())
      .then(() => process.exit(0));
  });
  setInterval(() => undefined, 60_000);
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.log(JSON.stringify({ failed: { code, message }, notes }));
  process.exit(1);
}
