/** Names of one network's layers: each once. */
export class LayerNames {
  private readonly names = new Set<string>();
  private readonly counters = new Map<string, number>();

  /** A layer's label, or its keyword and a number, behind the labels of the blocks around it. */
  next(prefix: string, label: string | undefined, keyword: string): string {
    const base = `${prefix}${label ?? keyword}`;
    let name = label === undefined ? `${base}${this.count(base)}` : base;
    while (this.names.has(name)) {
      name = label === undefined ? `${base}${this.count(base)}` : `${base}.${this.count(`${base}.`) + 1}`;
    }
    this.names.add(name);
    return name;
  }

  /** How often this was asked for, this time included. */
  count(base: string): number {
    const next = (this.counters.get(base) ?? 0) + 1;
    this.counters.set(base, next);
    return next;
  }
}
