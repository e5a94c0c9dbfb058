/** The key of an entry with this id. */
export const keyOfId = (id: string): string => `#${id}`;

/**
 * What tells the entries of a page from others, over all pages of a list: its id; where it has none, what stands in it,
 * numbered where the page holds the same several times. So an entry that a moving list shows again is known, and
 * entries that cannot be told apart still count each.
 */
export class PageKeys {
  readonly #keys = new Set<string>();
  readonly #alike = new Map<string, number>();

  /** The key of an entry. `content` is only asked for where there is no id. */
  add(id: string | null, content: () => string): string {
    const key = id === null ? this.#numbered(content()) : keyOfId(id);
    this.#keys.add(key);
    return key;
  }

  /** Each once. */
  all(): string[] {
    return [...this.#keys];
  }

  #numbered(content: string): string {
    const number = (this.#alike.get(content) ?? 0) + 1;
    this.#alike.set(content, number);
    return `${number}/${content}`;
  }
}
