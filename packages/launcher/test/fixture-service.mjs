// A service for the tests of its supervision: does what its first argument says.
import { setInterval } from 'node:timers';

const [mode = 'stay'] = process.argv.slice(2);
process.on('SIGTERM', () => {
  if (mode === 'stubborn') return;
  console.log('orderly end');
  process.exit(0);
});
console.log(`here as ${process.pid}`);
if (mode === 'die') process.exit(3);
if (mode === 'refuse') {
  console.error('PORT: is wrong');
  process.exit(78);
}
setInterval(() => undefined, 60_000);
