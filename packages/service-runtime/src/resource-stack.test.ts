import { describe, expect, test } from '@jest/globals';
import { ResourceStack } from './resource-stack.js';

function stackWithLog(): { stack: ResourceStack; log: string[] } {
  const log: string[] = [];
  const stack = new ResourceStack((name, error) =>
    log.push(`${name} failed: ${(error as { code?: string }).code ?? 'error'}`),
  );
  return { stack, log };
}

describe('the resource stack', () => {
  test('closes what was opened last first, one after the other', async () => {
    const { stack, log } = stackWithLog();
    for (const name of ['database', 'queues', 'worker']) {
      stack.defer(name, async () => {
        log.push(`closing ${name}`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`closed ${name}`);
      });
    }
    await stack.close(1_000);
    expect(log).toEqual([
      'closing worker',
      'closed worker',
      'closing queues',
      'closed queues',
      'closing database',
      'closed database',
    ]);
  });

  test('closes the others when one fails or hangs', async () => {
    const { stack, log } = stackWithLog();
    stack.defer('database', () => void log.push('database'));
    stack.defer('hangs', () => new Promise(() => undefined));
    stack.defer('throws', () => {
      throw new Error('no');
    });
    await stack.close(50);
    expect(log).toEqual(['throws failed: error', 'hangs failed: time_limit_exceeded', 'database']);
  });

  test('closes each resource once, however often it is asked', async () => {
    const { stack, log } = stackWithLog();
    stack.defer('database', () => void log.push('database'));
    await Promise.all([stack.close(100), stack.close(100)]);
    expect(log).toEqual(['database']);
  });

  test('closes at once what is opened after it was closed', async () => {
    const { stack, log } = stackWithLog();
    await stack.close(100);
    stack.defer('late', () => void log.push('late'));
    expect(log).toEqual(['late']);
  });

  test('tells each resource how much of the budget is left', async () => {
    const { stack } = stackWithLog();
    const budgets: number[] = [];
    stack.defer('first', ({ budgetMs }) => void budgets.push(budgetMs));
    await stack.close(10_000);
    expect(budgets[0]).toBeGreaterThan(7_000);
    expect(budgets[0]).toBeLessThanOrEqual(8_000);
  });
});
