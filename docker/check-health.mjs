// The health check of a container: 0 when what runs in it is ready. The API answers on PORT, a worker on HEALTH_PORT.
const ANSWER_TIMEOUT_MS = 4_000;

/** @param {string} port */
async function isReady(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

const { PORT, HEALTH_PORT = '9090' } = process.env;
const answers = await Promise.all([PORT || '3000', HEALTH_PORT].map(isReady));
process.exit(answers.includes(true) ? 0 : 1);
