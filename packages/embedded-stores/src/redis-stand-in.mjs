// A Redis of JavaScript for machines on which no real one can be had: on loopback only, with the password of the
// environment. Plain JavaScript, since it runs as a program of its own.
import net from 'node:net';
import { createRedisServer } from 'js-redis-server';

const port = Number(process.argv[2]);
// The package would listen on every interface and knows no address to bind to.
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function listenOnLoopback(...args) {
  return typeof args[0] === 'number' ? listen.call(this, args[0], '127.0.0.1') : listen.apply(this, args);
};
const server = await createRedisServer({ port });
server.state.requirepass = process.env.REDIS_PASSWORD;
process.once('SIGTERM', () => process.exit(0));
console.log('listening');
