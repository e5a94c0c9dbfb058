import { CodedError } from '@trackly-tune/domain';

/** A list of which every page was answered, and which nobody should take for a whole one (law 20). */
export abstract class NotWholeError<Code extends string = string> extends CodedError<Code> {
  /** True when the list may be right all the same, which only a person can know. */
  abstract readonly needsPerson: boolean;

  /** @param context for the integration's log */
  constructor(
    code: Code,
    message: string,
    readonly context: Readonly<Record<string, number | string | null>>,
  ) {
    super(code, message, { advice: 'retry' });
  }
}
