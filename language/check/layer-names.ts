/** Gives the layers of one network unique names. */
export class LayerNames {
  private readonly names = new Set<string>();
  private readonly counters = new Map<string, number>();

  /** The labels of the outer blocks, then the layer's label, or its keyword and a number. */
  next(prefix: string, label: string | undefined, keyword: string): string {
    const base = `${prefix}${label ?? keyword}`;
    let name = label === undefined ? `${base}${this.count(base)}` : base;
    while (this.names.has(name)) {
      name = label === undefined ? `${base}${this.count(base)}` : `${base}.${this.count(`${base}.`) + 1}`;
    }
    this.names.add(name);
    return name;
  }

  /** The number of calls with this name, including this one. */
  count(base: string): number {
    const next = (this.counters.get(base) ?? 0) + 1;
    this.counters.set(base, next);
    return next;
  }
}
