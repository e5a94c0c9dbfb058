/** The ids of the last few pages, to tell rows that a moving report shows twice. Bounded by pages, not by window. */
export class RecentIds {
  readonly #pages: string[][] = [];
  readonly #ids = new Set<string>();

  constructor(private readonly pagesMax: number) {}

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  add(page: readonly string[]): void {
    const fresh = page.filter((id) => !this.#ids.has(id));
    this.#pages.push(fresh);
    for (const id of fresh) this.#ids.add(id);
    if (this.#pages.length <= this.pagesMax) return;
    for (const id of this.#pages.shift() ?? []) this.#ids.delete(id);
  }
}
