import { withTimeLimit } from './time-limit.js';

/** Closes a resource; `budgetMs` is what is left for it and everything below it. */
export type CloseResource = (limits: { readonly budgetMs: number }) => Promise<void> | void;

/** The last part of the budget, for what lies below a resource that hangs. */
const RESERVE_SHARE = 0.2;
const CLOSE_MIN_MS = 250;

/** What a service has opened: closed in the opposite order, each by the line after the one that opens it. */
export class ResourceStack {
  readonly #resources: { name: string; close: CloseResource }[] = [];
  readonly #onCloseFailed: (name: string, error: unknown) => void;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor(onCloseFailed: (name: string, error: unknown) => void) {
    this.#onCloseFailed = onCloseFailed;
  }

  /** Registers a resource. After the stack was closed, the resource is closed at once: a late start leaves nothing. */
  defer(name: string, close: CloseResource): void {
    if (this.#closed) void this.#closeOne({ name, close }, CLOSE_MIN_MS);
    else this.#resources.push({ name, close });
  }

  /** Closes everything within the budget, last opened first. One that fails or hangs keeps no other open. */
  close(budgetMs: number): Promise<void> {
    this.#closing ??= this.#closeAll(budgetMs).finally(() => (this.#closed = true));
    return this.#closing;
  }

  async #closeAll(budgetMs: number): Promise<void> {
    const deadline = performance.now() + budgetMs * (1 - RESERVE_SHARE);
    for (let resource = this.#resources.pop(); resource; resource = this.#resources.pop()) {
      await this.#closeOne(resource, Math.max(deadline - performance.now(), CLOSE_MIN_MS));
    }
  }

  async #closeOne({ name, close }: { name: string; close: CloseResource }, budgetMs: number): Promise<void> {
    try {
      await withTimeLimit(`Closing ${name}`, budgetMs, () => close({ budgetMs }));
    } catch (error) {
      this.#onCloseFailed(name, error);
    }
  }
}
