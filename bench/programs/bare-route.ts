// One route of Fastify that answers a constant: what the machine, Node.js and the generator of the load leave to anybody.
import Fastify from 'fastify';

const app = Fastify({ logger: false });
app.get('/readyz', () => ({ ok: true }));
app.get('/conv/offer', () => ({ success: true, status: 'accepted' }));
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
process.once('SIGTERM', () => void app.close());
