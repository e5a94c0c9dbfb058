import { describe, expect, test } from '@jest/globals';
import { JOBS, QUEUE_NAMES, type JobName } from './catalogue.js';
import { deduplicationIdOf, readPayload } from './job-payload.js';

const ids: Record<JobName, unknown> = {
  'pull-network': { networkId: 'demo-1' },
  'scheduled-pull': { integrationId: 'int_17' },
  'sync-network-offers': { networkId: 'demo-1' },
  'scheduled-offer-sync': { integrationId: 'int_17' },
  'settle-pending': {},
};

describe('the catalogue of jobs', () => {
  test.each(Object.keys(JOBS) as JobName[])('%s has a queue, bounded attempts and a name that BullMQ takes', (name) => {
    expect(QUEUE_NAMES).toContain(JOBS[name].queue);
    expect(JOBS[name].retry.attempts).toBeLessThanOrEqual(5);
    const payload = readPayload(name, ids[name]);
    expect(deduplicationIdOf(name, payload)).toMatch(/^[a-z0-9_-]{1,100}$/);
  });

  test.each(Object.keys(JOBS) as JobName[])('%s carries nothing but ids', (name) => {
    expect(() => readPayload(name, { ...(ids[name] as object), network_token: 'NETabc' })).toThrow(
      expect.objectContaining({ code: 'invalid_job_payload', advice: 'never' }),
    );
  });

  test('an integration is named by the id that callers see, also in a job that a version before sent', () => {
    for (const integrationId of ['int_17', '17']) {
      expect(readPayload('scheduled-pull', { integrationId })).toEqual({ integrationId: 'int_17' });
    }
  });

  test('urgent work of a network does not wait for the job that is busy with its backfill', () => {
    const ids = [{ networkId: 'a' }, { networkId: 'a', urgent: true as const }, { networkId: 'urgent-a' }].map(
      (payload) => deduplicationIdOf('pull-network', payload),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([
    ['scheduled-pull', { integrationId: 17 }],
    ['scheduled-pull', { integrationId: '0' }],
    ['scheduled-pull', { integrationId: '1e3' }],
    ['scheduled-pull', { integrationId: 'run_17' }],
    ['scheduled-pull', { integrationId: 'int_0' }],
    ['scheduled-pull', {}],
    ['pull-network', { networkId: 'Demo' }],
    ['pull-network', { networkId: '' }],
    ['pull-network', null],
  ] as const)('%s refuses %j', (name, payload) => {
    expect(() => readPayload(name, payload)).toThrow('is not what the catalogue says');
  });
});
