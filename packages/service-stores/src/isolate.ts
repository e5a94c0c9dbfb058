/**
 * Does some work for a set; where that fails, again for its halves, so that what cannot be done fails alone and its
 * neighbours go through. The halves that fail come after everybody else's: neighbours do not wait for them. Costs
 * about 2·log2(n) calls for one bad item among n.
 *
 * @param work for at least one item; must have done nothing when it throws, or be repeatable
 * @param isEverybodys an error that would meet each item alike: rethrown at once
 */
export async function isolate<Item>(
  items: readonly Item[],
  options: {
    work: (items: readonly Item[]) => Promise<void>;
    isEverybodys: (error: unknown) => boolean;
    onFailed: (item: Item, error: unknown) => Promise<void> | void;
  },
): Promise<void> {
  const { work, isEverybodys, onFailed } = options;
  const waiting: (readonly Item[])[] = [items];
  for (let set = waiting.shift(); set !== undefined; set = waiting.shift()) {
    const [first, ...others] = set;
    if (first === undefined) continue;
    try {
      await work(set);
    } catch (error) {
      if (isEverybodys(error)) throw error;
      if (others.length === 0) await onFailed(first, error);
      else waiting.push(set.slice(0, Math.ceil(set.length / 2)), set.slice(Math.ceil(set.length / 2)));
    }
  }
}
