import { isRecord } from './read-scalar.js';

const NODES_MAX = 20_000;
const DEPTH_MAX = 6;

export interface Leaf {
  readonly key: string;
  readonly value: string;
  /** The object that the value stands in. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** All texts of an answer whose shape is not known, with the names they stand under. Bounded. */
export function walkAnswer(data: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  let nodes = 0;
  const visit = (value: unknown, key: string, siblings: Leaf['siblings'], depth: number): void => {
    if (depth > DEPTH_MAX || ++nodes > NODES_MAX) return;
    if (typeof value === 'string') leaves.push({ key, value, siblings });
    else if (Array.isArray(value)) value.forEach((inner) => visit(inner, key, siblings, depth + 1));
    else if (isRecord(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, name, value, depth + 1);
    }
  };
  visit(data, '', {}, 0);
  return leaves;
}
