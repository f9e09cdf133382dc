import type { ReadProblem, TraceOptions, Unread } from '../design/index.ts';
import { createTraceReader, type TraceReading } from '../formats/index.ts';
import { type ReadFile, type ReadToken, readLimits, type SourceReader } from './source-reader.ts';

export type Content = string | Uint8Array | TraceReading;

/** One file in one form: its content, and the read that is in progress. */
export interface Source {
  readonly uri: string;
  readonly form: 'text' | 'bytes' | 'trace';
  /** The options of a trace in the .npu text. The same file is read once for each set of options. */
  readonly options: TraceOptions;
  content: Content | Unread;
  /** The version of the content. For a file that could not be read: its problem. */
  version: string;
  loading: Promise<void> | undefined;
  readonly token: { isCancelled: boolean };
}

/** The files that were read, each in the forms in which checks use it. */
export class ReadFiles {
  private readonly sources = new Map<string, Source>();
  private readonly reader: SourceReader;

  constructor(reader: SourceReader) {
    this.reader = reader;
  }

  get all(): Iterable<Source> {
    return this.sources.values();
  }

  /** The text of a file. undefined: it is not loaded, or could not be read. */
  text(uri: string): string | undefined {
    const content = this.sources.get(keyOf(uri, 'text'))?.content;
    return typeof content === 'string' ? content : undefined;
  }

  /** Whether the text of a file could not be read, or is not loaded. */
  isUnread(uri: string): boolean {
    const content = this.sources.get(keyOf(uri, 'text'))?.content;
    return typeof content === 'object' && 'kind' in content;
  }

  /** Removes the files that are not used, and cancels their reads. */
  keepOnly(isUsed: (uri: string) => boolean): void {
    for (const [key, source] of this.sources) {
      if (isUsed(source.uri)) continue;
      source.token.isCancelled = true;
      this.sources.delete(key);
    }
  }

  source(uri: string, form: Source['form'], options: TraceOptions = {}): Source {
    const key = keyOf(uri, form, options);
    const known = this.sources.get(key);
    if (known !== undefined) return known;
    const token = { isCancelled: false };
    const source: Source = { uri, form, options, content: { kind: 'pending' }, version: '', loading: undefined, token };
    this.sources.set(key, source);
    return source;
  }

  /** Loads the files that are not loaded. */
  async loadAll(sources: readonly Source[]): Promise<void> {
    await Promise.all(
      sources.map((source) => source.loading ?? (isPending(source.content) ? this.load(source) : undefined)),
    );
  }

  load(source: Source): Promise<void> {
    source.loading = this.read(source).then((read) => {
      source.loading = undefined;
      source.content = read.kind === 'read' ? read.value : read;
      source.version = read.kind === 'read' ? read.version : problemVersion(read);
    });
    return source.loading;
  }

  private read({ uri, form, options, token }: Source): Promise<ReadFile<Content> | ReadProblem> {
    if (form === 'trace') return this.readTrace(uri, options, token);
    return form === 'text'
      ? this.reader.readText(uri, readLimits.npu, token)
      : this.reader.readBytes(uri, readLimits.model, token);
  }

  private async readTrace(
    uri: string,
    options: TraceOptions,
    token: ReadToken,
  ): Promise<ReadFile<TraceReading> | ReadProblem> {
    const trace = createTraceReader(options);
    const read = await this.reader.readPieces(uri, readLimits.trace, (piece) => trace.push(piece), token);
    return read.kind === 'read' ? { ...read, value: trace.end() } : read;
  }

  /** The version of a file on the disk. */
  async versionOf(uri: string): Promise<string> {
    const version = await this.reader.version(uri);
    return typeof version === 'string' ? version : problemVersion(version);
  }
}

function keyOf(uri: string, form: Source['form'], options: TraceOptions = {}): string {
  return `${form} ${uri} ${form === 'trace' ? JSON.stringify(options) : ''}`;
}

export function isPending(content: Content | Unread): boolean {
  return typeof content === 'object' && 'kind' in content && content.kind === 'pending';
}

/** A problem is a version too, so a file that is still missing has not changed. */
function problemVersion(problem: ReadProblem): string {
  return JSON.stringify(problem);
}
