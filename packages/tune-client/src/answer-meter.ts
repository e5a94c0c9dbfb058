import { TuneError } from './tune-error.js';

/** Levels of lists and objects inside each other; TUNE's own answers have about seven. */
const DEPTH_MAX = 100;
const [QUOTE, COMMA, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  ...[0x22, 0x2c, 0x5c],
  ...[0x5b, 0x5d, 0x7b, 0x7d],
] as const;

/**
 * Counts the values of JSON while it arrives, so that nothing is built of an answer that would fill the memory: three
 * bytes of `{}` are sixty once they are parsed. Says nothing about whether it is JSON.
 */
export class AnswerMeter {
  readonly #valuesMax: number;
  #values = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(valuesMax: number) {
    this.#valuesMax = valuesMax;
  }

  /** Throws TuneError: `response_too_large` above `valuesMax` values, `not_tune` above a hundred levels. */
  add(bytes: Uint8Array): void {
    let [values, depth, inString, escaped] = [this.#values, this.#depth, this.#inString, this.#escaped];
    let deepest = depth;
    // By index: an iterator would take several times as long for what is done with every byte that TUNE sends.
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === COMMA) values++;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        values++;
        if (++depth > deepest) deepest = depth;
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    }
    [this.#values, this.#depth, this.#inString, this.#escaped] = [values, depth, inString, escaped];
    if (deepest > DEPTH_MAX) {
      throw new TuneError('not_tune', `The answer is nested more than ${DEPTH_MAX} levels deep`, {
        answeredBy: 'other',
      });
    }
    if (values > this.#valuesMax) {
      throw new TuneError('response_too_large', `The answer holds more than ${this.#valuesMax} values`, {
        answeredBy: 'other',
      });
    }
  }
}
