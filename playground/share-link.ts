/*
 * A link that contains a design: its text, compressed, after `#`. Browsers do not send the part after `#` to the web server.
 */

const key = 'npu=';

export async function linkTo(text: string, page: string): Promise<string> {
  const packed = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  let letters = '';
  for (const byte of packed) letters += String.fromCharCode(byte);
  const base64url = btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${page.replace(/#.*$/u, '')}#${key}${base64url}`;
}

/** The longest text in a link. A few bytes could unpack to gigabytes. Our assumption. */
const mostBytes = 2 ** 20;

/** The text in the part of an address after `#`; undefined if there is none, or if it is damaged. */
export async function textOf(hash: string): Promise<string | undefined> {
  const at = hash.indexOf(key);
  if (at < 0) return undefined;
  try {
    const letters = atob(
      hash
        .slice(at + key.length)
        .replaceAll('-', '+')
        .replaceAll('_', '/'),
    );
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const unpacked = await through(bytes, new DecompressionStream('deflate-raw'));
    return new TextDecoder('utf-8', { fatal: true }).decode(unpacked);
  } catch {
    return undefined;
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: { readonly readable: ReadableStream; readonly writable: WritableStream },
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
    if (done || value === undefined) break;
    size += value.length;
    if (size > mostBytes) throw new RangeError('the text is too long');
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
