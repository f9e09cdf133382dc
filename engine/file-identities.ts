import { normalUri } from '../language/index.ts';
import type { SourceReader } from './source-reader.ts';

/**
 * Finds the URIs that lead to the same file. Two URIs can do so because of a symbolic link, or because of upper and lower case
 * on a disk that ignores case. The disk reports the real URI of each file. This class stores the answer until the next
 * `lookUp`, because a check must not wait for the disk.
 */
export class FileIdentities {
  private readonly reals = new Map<string, string>();
  /** The URIs that lead to each file, by its real URI. */
  private readonly aliases = new Map<string, Set<string>>();
  /** The name of each file, by its real URI. It is the URI that was used first. */
  private readonly names = new Map<string, string>();
  private readonly learning = new Map<string, Promise<void>>();
  private readonly reader: SourceReader;

  constructor(reader: SourceReader) {
    this.reader = reader;
  }

  /** The real URI of a URI. undefined: not looked up yet. */
  real(uri: string): string | undefined {
    return this.reals.get(uri);
  }

  /** Whether two URIs lead to the same file. false if one of two different URIs was not looked up yet. */
  isSame(one: string, other: string): boolean {
    if (one === other) return true;
    const real = this.reals.get(one);
    return real !== undefined && real === this.reals.get(other);
  }

  /** All known URIs that lead to the same file, `uri` among them. */
  allOf(uri: string): ReadonlySet<string> {
    const real = this.reals.get(uri);
    return new Set([uri, ...((real === undefined ? undefined : this.aliases.get(real)) ?? [])]);
  }

  /** The known URIs that lead to the file with this real URI. */
  leadingTo(real: string): ReadonlySet<string> {
    return this.aliases.get(real) ?? new Set();
  }

  /** The name of a file: `uri`, unless another URI was used first and still leads to the file. */
  nameOf(uri: string): string {
    const real = this.reals.get(uri);
    if (real === undefined) return uri;
    const known = this.names.get(real);
    if (known !== undefined && this.reals.get(known) === real) return known;
    this.names.set(real, uri);
    return uri;
  }

  /** Gets the real URI from the disk, unless it is known. Callers during a read share its result. */
  async learn(uri: string): Promise<void> {
    if (this.reals.has(uri)) return;
    const known = this.learning.get(uri);
    if (known !== undefined) return known;
    const learning = this.lookUp(uri).then(() => undefined);
    this.learning.set(uri, learning);
    try {
      await learning;
    } finally {
      this.learning.delete(uri);
    }
  }

  /** Gets the real URI from the disk. Returns whether it differs from the stored one. */
  async lookUp(uri: string): Promise<boolean> {
    const real = normalUri(await this.reader.realUri(uri));
    if (this.reals.get(uri) === real) return false;
    this.remove(uri);
    this.reals.set(uri, real);
    const aliases = this.aliases.get(real);
    if (aliases === undefined) this.aliases.set(real, new Set([uri]));
    else aliases.add(uri);
    return true;
  }

  /** Looks up known URIs again. Returns those that now lead to another file. */
  async lookUpAgain(isWanted: (uri: string) => boolean): Promise<readonly string[]> {
    const wanted = [...this.reals.keys()].filter(isWanted);
    const changed = await Promise.all(wanted.map((uri) => this.lookUp(uri)));
    return wanted.filter((_, index) => changed[index]);
  }

  /** Removes the URIs that are not used. */
  keepOnly(isUsed: (uri: string) => boolean): void {
    for (const uri of this.reals.keys()) if (!isUsed(uri)) this.remove(uri);
    for (const [real, name] of this.names) if (!this.reals.has(name)) this.names.delete(real);
  }

  private remove(uri: string): void {
    const real = this.reals.get(uri);
    const aliases = real === undefined ? undefined : this.aliases.get(real);
    if (real === undefined || aliases === undefined) return;
    aliases.delete(uri);
    if (aliases.size === 0) this.aliases.delete(real);
    this.reals.delete(uri);
  }
}
