import { CodedError } from '@trackly-tune/domain';
import { JOBS, type JobName, type PayloadOf } from './catalogue.js';

/** A payload that the catalogue does not know: a mistake of the sender, which no retry mends. */
export class InvalidPayloadError extends CodedError<'invalid_job_payload'> {
  constructor(job: string) {
    super('invalid_job_payload', `The payload of the job ${job} is not what the catalogue says`, { advice: 'never' });
  }
}

/** The payload if the catalogue's schema of this job accepts it. Throws InvalidPayloadError. */
export function readPayload<Name extends JobName>(name: Name, payload: unknown): PayloadOf<Name> {
  const result = JOBS[name].payload.safeParse(payload);
  if (!result.success) throw new InvalidPayloadError(name);
  return result.data as PayloadOf<Name>;
}

/** What makes two jobs the same one. */
export function deduplicationIdOf<Name extends JobName>(name: Name, payload: PayloadOf<Name>): string {
  const idOf = JOBS[name].deduplicationId as (payload: PayloadOf<Name>) => string;
  return idOf(payload);
}
