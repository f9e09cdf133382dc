/**
 * A 64-bit hash of a sequence of texts and bytes, from two multiply-xor lanes with the final mixing of murmur3 (after cyrb53, bryc, public
 * domain). It finds equal designs among thousands, and damage in a file. It is not a signature: anyone can construct a collision.
 */
export class Hasher {
  private a = 0xdeadbeef;
  private b = 0x41c6ce57;

  byte(value: number): void {
    this.a = Math.imul(this.a ^ value, 2654435761);
    this.b = Math.imul(this.b ^ value, 1597334677);
  }

  /** The start of a text, or its next part. `text` adds the last one. */
  part(value: string): void {
    for (let i = 0; i < value.length; i++) this.byte(value.charCodeAt(i));
  }

  text(value: string): void {
    this.part(value);
    // Marks the end of the text, so that "ab", "c" and "a", "bc" have different hashes.
    this.byte(0x10000);
  }

  digest(): string {
    let a = Math.imul(this.a ^ (this.a >>> 16), 2246822507) ^ Math.imul(this.b ^ (this.b >>> 13), 3266489909);
    let b = Math.imul(this.b ^ (this.b >>> 16), 2246822507) ^ Math.imul(this.a ^ (this.a >>> 13), 3266489909);
    a >>>= 0;
    b >>>= 0;
    return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0');
  }
}

/** The hash of one text, as sixteen hexadecimal digits. */
export function textDigest(text: string): string {
  const hasher = new Hasher();
  hasher.text(text);
  return hasher.digest();
}
