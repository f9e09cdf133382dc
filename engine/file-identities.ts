import { normalUri } from '../language/index.ts';
import type { SourceReader } from './source-reader.ts';

/**
 * Which URIs lead to one file: through a symbolic link, or in other letters on a disk that ignores case. The disk decides: it knows the real URI
 * of every file. That answer is kept until `look`, because a check must not wait for the disk.
 */
export class FileIdentities {
  private readonly reals = new Map<string, string>();
  /** The name under which each file is known, by its real URI: the one that was asked for first. */
  private readonly names = new Map<string, string>();
  private readonly reader: SourceReader;

  constructor(reader: SourceReader) {
    this.reader = reader;
  }

  /** undefined where the disk has not been asked. */
  real(uri: string): string | undefined {
    return this.reals.get(uri);
  }

  /** Whether two URIs lead to the same file, as far as the disk has been asked. */
  isSame(one: string, other: string): boolean {
    if (one === other) return true;
    const real = this.reals.get(one);
    return real !== undefined && real === this.reals.get(other);
  }

  /** The name of a file whose real URI is known: `uri`, unless another one was first and still leads to it. */
  nameOf(uri: string): string {
    const real = this.reals.get(uri);
    if (real === undefined) return uri;
    const known = this.names.get(real);
    if (known !== undefined && this.reals.get(known) === real) return known;
    this.names.set(real, uri);
    return uri;
  }

  /** Asks the disk. Returns whether the answer differs from the last one. */
  async look(uri: string): Promise<boolean> {
    const real = normalUri(await this.reader.realUri(uri));
    if (this.reals.get(uri) === real) return false;
    this.reals.set(uri, real);
    return true;
  }

  /** Asks the disk about URIs again. Returns those that lead elsewhere than before. */
  async lookAgain(isMeant: (uri: string) => boolean): Promise<readonly string[]> {
    const meant = [...this.reals.keys()].filter(isMeant);
    const changed = await Promise.all(meant.map((uri) => this.look(uri)));
    return meant.filter((_, index) => changed[index]);
  }

  keepOnly(isUsed: (uri: string) => boolean): void {
    for (const uri of this.reals.keys()) if (!isUsed(uri)) this.reals.delete(uri);
    for (const [real, name] of this.names) if (!this.reals.has(name)) this.names.delete(real);
  }
}
