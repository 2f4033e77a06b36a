/** The cards picked for one act together: one by one, a stretch with Shift, or all in view. */
export class Selection {
  #picked = $state.raw<ReadonlySet<string>>(new Set());
  #last: { list: string; id: string } | null = null;

  get size(): number {
    return this.#picked.size;
  }

  get ids(): string[] {
    return [...this.#picked];
  }

  has(id: string): boolean {
    return this.#picked.has(id);
  }

  /** Picks or drops one; with `stretch` everything of that list between the card pressed last and this one, too. */
  toggle(id: string, list: string, order: readonly string[], stretch: boolean): void {
    const on = !this.#picked.has(id);
    const from = stretch && this.#last?.list === list ? order.indexOf(this.#last.id) : -1;
    const to = order.indexOf(id);
    const all = from < 0 || to < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
    const next = new Set(this.#picked);
    for (const one of all) if (on) next.add(one); else next.delete(one);
    this.#picked = next;
    this.#last = { list, id };
  }

  add(ids: readonly string[]): void {
    this.#picked = new Set([...this.#picked, ...ids]);
  }

  drop(ids: readonly string[]): void {
    const gone = new Set(ids);
    this.#picked = new Set([...this.#picked].filter((id) => !gone.has(id)));
  }

  clear(): void {
    this.#picked = new Set();
    this.#last = null;
  }

  /** Forgets cards that have left the board. */
  keep(on: (id: string) => boolean): void {
    if ([...this.#picked].every(on)) return;
    this.#picked = new Set([...this.#picked].filter(on));
  }
}
