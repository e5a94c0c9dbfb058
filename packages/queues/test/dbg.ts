import { createWorker, createQueues } from '@trackly-tune/queues';
import { pino } from 'pino';
const redisUrl = 'redis://127.0.0.1:16399';
const q = createQueues({ redisUrl, prefix: 'x', logger: pino() });
if (process.argv[2] !== 'q') {
const w = createWorker({ queue: 'attribution', handlers: {}, concurrency: 1, redisUrl, prefix: 'x', logger: pino() });
await new Promise((r) => setTimeout(r, 500));
await w.close({ budgetMs: 5000 });
} else await new Promise((r) => setTimeout(r, 500));
await q.close();
console.log('closed', process.getActiveResourcesInfo());
setTimeout(() => console.log(process.getActiveResourcesInfo()), 1000).unref();
const t = Date.now(); process.on('exit', () => console.log('exit after', Date.now() - t));
