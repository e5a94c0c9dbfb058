// The health check of a container: 0 when what runs in it is ready. A service says so on HEALTH_PORT, the simulated
// network on PORT.
import http from 'node:http';

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * @param {string} port
 * @returns {Promise<boolean>}
 */
function isReady(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/readyz', timeout: ANSWER_TIMEOUT_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', () => resolve(false));
  });
}

const { PORT, HEALTH_PORT } = process.env;
const answers = await Promise.all([PORT || '3000', HEALTH_PORT || '9090'].map(isReady));
process.exit(answers.includes(true) ? 0 : 1);
