const BLOCK_BYTES = 64 * 1024;

export type Block = Buffer<ArrayBuffer>;

/** The memory of one answer that is being read. */
export interface HeldAnswer {
  /** A block of `BLOCK_BYTES` to fill; null once the answer was given up: nothing of it may be used any more. */
  take(): Block | null;
  /** Everything that was taken, in order. */
  blocks(): readonly Block[];
  /** Gives all blocks back; only now may another answer get them, since only now nobody writes to them. */
  release(): void;
}

/** What all answers that a process is reading may hold together. */
export interface AnswerMemory {
  /** `giveUp` is called when this answer is the one that has to go. */
  hold(giveUp: () => void): HeldAnswer;
  /** Bytes that are held now. */
  held(): number;
}

interface Holder {
  readonly blocks: Block[];
  readonly giveUp: () => void;
}

/**
 * Bounds what all answers hold together (law 10). Above `bytesMax` the largest is given up, whosever it is: a network
 * that sends without end takes no memory from the others, whose answers are smaller, and nobody ever waits. Blocks are
 * used again, since what only the garbage collector gives back is held far longer than it is needed.
 */
export function createAnswerMemory(bytesMax: number): AnswerMemory {
  const blocksMax = Math.max(1, Math.floor(bytesMax / BLOCK_BYTES));
  const holders = new Set<Holder>();
  const free: Block[] = [];
  let taken = 0;

  const drop = (holder: Holder): void => {
    if (holders.delete(holder)) taken -= holder.blocks.length;
  };

  const largest = (): Holder | null => {
    let found: Holder | null = null;
    for (const holder of holders) {
      if (holder.blocks.length > (found?.blocks.length ?? 0)) found = holder;
    }
    return found;
  };

  return {
    held: () => taken * BLOCK_BYTES,
    hold(giveUp) {
      const holder: Holder = { blocks: [], giveUp };
      holders.add(holder);
      return {
        take() {
          if (taken === blocksMax) {
            const victim = largest();
            if (victim) drop(victim);
            victim?.giveUp();
          }
          if (!holders.has(holder)) return null;
          const block = free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
          holder.blocks.push(block);
          taken += 1;
          return block;
        },
        blocks: () => holder.blocks,
        release() {
          drop(holder);
          free.push(...holder.blocks.splice(0, blocksMax - free.length));
        },
      };
    },
  };
}
