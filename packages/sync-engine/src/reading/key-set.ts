import { hash } from 'node:crypto';

/** Bytes of a key. Two of a million rows share one once in forty million reports. */
export const KEY_BYTES = 8;

const SLOTS_MIN = 1_024;
/** Marks a free slot; a key that would be it becomes the one beside it. */
const FREE = 0n;

/** Eight bytes that stand for what tells a row from others. */
export function keyOf(text: string): bigint {
  return hash('sha1', text, 'buffer').readBigUInt64LE(0) || 1n;
}

/** A set of keys that takes 12 to 24 bytes each, whatever their number: a slice may hold millions of rows. */
export class KeySet {
  #slots = new BigUint64Array(SLOTS_MIN);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** False when the key was there before. */
  add(key: bigint): boolean {
    const at = this.#find(key);
    if (this.#slots[at] === key) return false;
    this.#slots[at] = key;
    this.#size += 1;
    if (this.#size * 3 > this.#slots.length * 2) this.#grow();
    return true;
  }

  /** Where the key is, or the free slot that it belongs into. There is always one. */
  #find(key: bigint): number {
    const mask = this.#slots.length - 1;
    // The key is a hash: its own bits spread it.
    let at = Number(key & 0xffff_ffffn) & mask;
    while (this.#slots[at] !== FREE && this.#slots[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new BigUint64Array(before.length * 2);
    for (const key of before) if (key !== FREE) this.#slots[this.#find(key)] = key;
  }
}

/** Keys as they are stored, eight bytes each. */
export function writeKeys(keys: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(keys.length * KEY_BYTES);
  keys.forEach((key, n) => bytes.writeBigUInt64LE(key, n * KEY_BYTES));
  return bytes;
}

/** The keys of what `writeKeys` wrote. */
export function* readKeys(bytes: Buffer): Generator<bigint> {
  for (let at = 0; at + KEY_BYTES <= bytes.length; at += KEY_BYTES) yield bytes.readBigUInt64LE(at);
}
