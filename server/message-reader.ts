import type { Readable } from 'node:stream';
import { AbstractMessageReader, type DataCallback, type Disposable, ErrorCodes, type Message } from './lsp.ts';

/** Where the header of a message ends. */
const headerEnd = Buffer.from('\r\n\r\n');

/**
 * Bytes of input without the end of a header that are kept. Our assumption: the headers of clients have less than a hundred, so anything
 * longer is no header.
 */
const mostHeaderBytes = 4096;

/** The largest body that is read. Our assumption: a hundred times the longest document that the server reads as a design. */
const mostBodyBytes = 512 * 1024 * 1024;

/** Levels of lists and objects in a message. Our assumption: no message of the protocol has half as many, and code that recurses can process them. */
const mostLevels = 128;

/** What is wrong with a message, for the client. */
export type Refuse = (code: number, reason: string) => void;

/**
 * Reads messages in the framing of the language server protocol. The reader of the library never finds the next message after a length that is
 * not a number, and it passes on JSON that is not a message. This one refuses such input and goes on at the next header: a body in JSON cannot
 * contain a header, because JSON escapes line breaks.
 */
export class FramedMessageReader extends AbstractMessageReader {
  private chunks: Buffer[] = [];
  private heldBytes = 0;
  /** The length of the body that comes next. Undefined while a header comes next. */
  private bodyBytes: number | undefined;

  private readonly input: Readable;
  private readonly refuse: Refuse;

  constructor(input: Readable, refuse: Refuse) {
    super();
    this.input = input;
    this.refuse = refuse;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer): void => {
      this.chunks.push(chunk);
      this.heldBytes += chunk.length;
      while (this.step(callback)) {
        // Each step takes a header or a body.
      }
    };
    this.input.on('data', onData);
    this.input.on('error', (error) => this.fireError(error));
    this.input.on('close', () => this.fireClose());
    return { dispose: () => void this.input.off('data', onData) };
  }

  /** Takes the next header or body. False if more input is needed. */
  private step(callback: DataCallback): boolean {
    if (this.bodyBytes !== undefined) {
      if (this.heldBytes < this.bodyBytes) return false;
      const body = this.take(this.bodyBytes);
      this.bodyBytes = undefined;
      const message = this.messageOf(body);
      if (message !== undefined) this.pass(message, callback);
      return true;
    }
    const held = this.joined();
    const end = held.indexOf(headerEnd);
    if (end < 0) {
      // What is too long for a header is dropped, except for its end, where a header may start.
      if (held.length > 2 * mostHeaderBytes) this.take(held.length - mostHeaderBytes);
      return false;
    }
    const header = this.take(end + headerEnd.length).toString('latin1', Math.max(0, end - mostHeaderBytes), end);
    const length = lengthIn(header);
    if (length === undefined || length > mostBodyBytes) {
      const reason = length === undefined ? 'is missing or no whole number' : `is more than ${mostBodyBytes}`;
      this.refuse(ErrorCodes.ParseError, `the Content-Length of a message ${reason}`);
    } else {
      this.bodyBytes = length;
    }
    return true;
  }

  /** The library throws for a cancellation without parameters, before it calls its message strategy. */
  private pass(message: Message, callback: DataCallback): void {
    try {
      callback(message);
    } catch (error) {
      this.fireError(error);
    }
  }

  private messageOf(body: Buffer): Message | undefined {
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch {
      this.refuse(ErrorCodes.ParseError, 'the body of a message is not JSON');
      return undefined;
    }
    if (!isMessage(value)) {
      this.refuse(ErrorCodes.InvalidRequest, 'the body is no request, no notification and no response');
      return undefined;
    }
    if (isDeeperThan(value, mostLevels)) {
      this.refuse(ErrorCodes.InvalidRequest, `the body has more than ${mostLevels} levels of lists and objects`);
      return undefined;
    }
    return value;
  }

  private joined(): Buffer {
    const [first, ...rest] = this.chunks;
    if (first === undefined) return Buffer.alloc(0);
    if (rest.length === 0) return first;
    const joined = Buffer.concat(this.chunks);
    this.chunks = [joined];
    return joined;
  }

  private take(bytes: number): Buffer {
    const held = this.joined();
    this.chunks = bytes < held.length ? [held.subarray(bytes)] : [];
    this.heldBytes -= bytes;
    return held.subarray(0, bytes);
  }
}

/** The length that a header states. The rest of a rejected message may be before it. */
function lengthIn(header: string): number | undefined {
  const length = /content-length:[ \t]*(\d+)[ \t]*(?:\r\n|$)/iu.exec(header)?.[1];
  return length === undefined ? undefined : Number(length);
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { id, method } = value as { readonly id?: unknown; readonly method?: unknown };
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') return false;
  return typeof method === 'string' || (method === undefined && ('result' in value || 'error' in value));
}

/** Does not recurse, so that no depth uses up the call stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}
