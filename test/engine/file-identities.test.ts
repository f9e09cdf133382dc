import { expect, test } from 'vitest';
import { loadProgram, type OpenTexts, type SourceReader, SourceStore } from '../../engine/index.ts';

/**
 * A disk in memory with links. It looks up a path part by part, as an operating system does. `ignoresCase`: it accepts upper
 * and lower case, and reports the real path in the case of the disk.
 */
class LinkedDisk implements SourceReader {
  private readonly entries: Map<string, string | { readonly link: string }>;
  private readonly ignoresCase: boolean;

  constructor(entries: Readonly<Record<string, string | { readonly link: string }>>, ignoresCase: boolean) {
    this.entries = new Map(Object.entries(entries));
    this.ignoresCase = ignoresCase;
  }

  set(path: string, entry: string | { readonly link: string }): void {
    this.entries.set(path, entry);
  }

  /** The real path. undefined: there is no such file, or the links form a circle. */
  private real(path: string, left = 20): string | undefined {
    if (left === 0) return undefined;
    let at = '';
    for (const part of path.split('/').slice(1)) {
      const entry = this.entry(`${at}/${part}`);
      if (entry === undefined) return undefined;
      const [name, value] = entry;
      const target = typeof value === 'object' ? this.real(value.link, left - 1) : name;
      if (target === undefined) return undefined;
      at = target;
    }
    return at;
  }

  private entry(path: string): readonly [string, string | { readonly link: string }] | undefined {
    const plain = (one: string): string => (this.ignoresCase ? one.toLowerCase() : one);
    for (const [name, value] of this.entries) {
      if (plain(name) === plain(path)) return [name, value];
      const folder = name.slice(0, path.length);
      if (plain(folder) === plain(path) && name[path.length] === '/') return [folder, ''];
    }
    return undefined;
  }

  async readText(uri: string) {
    const real = this.real(uri.slice('file://'.length));
    const value = real === undefined ? undefined : this.entries.get(real);
    if (typeof value !== 'string') return { kind: 'not-found' } as const;
    return { kind: 'read', value, version: value } as const;
  }

  async readBytes() {
    return { kind: 'not-found' } as const;
  }

  async readPieces() {
    return { kind: 'not-found' } as const;
  }

  async version(uri: string) {
    const read = await this.readText(uri);
    return read.kind === 'read' ? read.version : read;
  }

  async realUri(uri: string): Promise<string> {
    const path = uri.slice('file://'.length);
    const real = this.real(path);
    if (real !== undefined) return `file://${real}`;
    const end = uri.lastIndexOf('/');
    return end < 'file:///'.length ? uri : (await this.realUri(uri.slice(0, end))) + uri.slice(end);
  }

  async namesBeside(): Promise<readonly string[]> {
    return [];
  }
}

const library = { names: [], uriOf: () => undefined };
const storeOn = (disk: SourceReader): SourceStore => new SourceStore(disk, library);
const link = (to: string) => ({ link: to });
const dep = 'let peak = 1\n';

interface Case {
  readonly what: string;
  readonly disk: Readonly<Record<string, string | { readonly link: string }>>;
  readonly ignoresCase?: boolean;
  /** The files of the program, without the root. */
  readonly files: readonly string[];
  readonly codes?: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: 'a file and a link to it',
    disk: {
      '/d/dep.npu': dep,
      '/d/link.npu': link('/d/dep.npu'),
      '/d/main.npu': 'import "./link.npu"\nimport "./dep.npu"\nlet a = peak\n',
    },
    files: ['file:///d/link.npu'],
  },
  {
    what: 'a link to a link',
    disk: {
      '/d/dep.npu': dep,
      '/d/one.npu': link('/d/dep.npu'),
      '/d/two.npu': link('/d/one.npu'),
      '/d/main.npu': 'import "./two.npu"\nimport "./dep.npu"\nimport "./one.npu"\nlet a = peak\n',
    },
    files: ['file:///d/two.npu'],
  },
  {
    what: 'a linked folder',
    disk: {
      '/real/dep.npu': dep,
      '/d/parts': link('/real'),
      '/d/main.npu': 'import "./parts/dep.npu"\nimport "/real/dep.npu"\nlet a = peak\n',
    },
    files: ['file:///d/parts/dep.npu'],
  },
  {
    what: 'a link in a circle of links',
    disk: {
      '/d/one.npu': link('/d/two.npu'),
      '/d/two.npu': link('/d/one.npu'),
      '/d/main.npu': 'import "./one.npu"\n',
    },
    files: [],
    codes: ['unknown-import'],
  },
  {
    what: 'a link that leads back to the root',
    disk: { '/d/self.npu': link('/d/main.npu'), '/d/main.npu': 'import "./self.npu"\nlet a = 1\n' },
    files: [],
    codes: ['import-cycle'],
  },
  {
    what: 'a file in upper and lower case on a disk that ignores case',
    disk: { '/d/Dep.npu': dep, '/d/main.npu': 'import "./dep.npu"\nimport "./DEP.npu"\nlet a = peak\n' },
    ignoresCase: true,
    files: ['file:///d/dep.npu'],
  },
  {
    what: 'a folder in upper and lower case on a disk that ignores case',
    disk: {
      '/d/Parts/dep.npu': dep,
      '/d/main.npu': 'import "./parts/dep.npu"\nimport "./Parts/dep.npu"\nlet a = peak\n',
    },
    ignoresCase: true,
    files: ['file:///d/parts/dep.npu'],
  },
  {
    what: 'the root in upper and lower case on a disk that ignores case',
    disk: { '/d/Main.npu': 'import "./MAIN.npu"\nlet a = 1\n' },
    ignoresCase: true,
    files: [],
    codes: ['import-cycle'],
  },
  {
    what: 'upper and lower case on a disk that does not ignore case',
    disk: {
      '/d/Dep.npu': dep,
      '/d/dep.npu': 'let top = 1\n',
      '/d/main.npu': 'import "./dep.npu"\nimport "./Dep.npu"\nlet a = peak + top\n',
    },
    files: ['file:///d/dep.npu', 'file:///d/Dep.npu'],
  },
  {
    what: 'an import in a linked file, which is relative to the folder of the link',
    disk: {
      '/d/dep.npu': dep,
      '/real/part.npu': 'import "./dep.npu"\nlet part = peak\n',
      '/d/part.npu': link('/real/part.npu'),
      '/d/main.npu': 'import "./part.npu"\nlet a = part\n',
    },
    files: ['file:///d/part.npu', 'file:///d/dep.npu'],
  },
];

test.each(cases)(
  'the program contains each file once: $what',
  async ({ disk, ignoresCase = false, files, codes = [] }) => {
    const program = await loadProgram('file:///d/main.npu', storeOn(new LinkedDisk(disk, ignoresCase)));
    expect(program.diagnostics.map((one) => one.code)).toEqual(codes);
    expect([...program.files.keys()]).toEqual(['file:///d/main.npu', ...files]);
  },
);

const twice = {
  '/d/dep.npu': dep,
  '/d/link.npu': link('/d/dep.npu'),
  '/d/main.npu': 'import "./link.npu"\nlet a = peak\n',
};

test.each(['file:///d/dep.npu', 'file:///d/link.npu'])(
  'the text of an open document replaces the file: %s',
  async (uri) => {
    const store = storeOn(new LinkedDisk(twice, false));
    await store.identify(uri);
    const open: OpenTexts = {
      text: (asked) => (asked === uri ? 'let top = 1\n' : undefined),
      showing: (real) => (real === 'file:///d/dep.npu' ? uri : undefined),
    };
    const program = await loadProgram('file:///d/main.npu', store, open);
    expect([...program.files.keys()]).toEqual(['file:///d/main.npu', uri]);
    expect(program.diagnostics.map((one) => one.code)).toContain('unknown-name');
  },
);

test('a link that changes its target becomes another file', async () => {
  const disk = new LinkedDisk({ ...twice, '/d/other.npu': 'let top = 1\n' }, false);
  const store = storeOn(disk);
  const uri = 'file:///d/main.npu';
  expect((await loadProgram(uri, store)).diagnostics).toEqual([]);
  disk.set('/d/link.npu', link('/d/other.npu'));
  expect([...(await store.refresh(() => true))]).toEqual(['file:///d/link.npu']);
  expect((await loadProgram(uri, store)).diagnostics.map((one) => one.code)).toContain('unknown-name');
  expect(store.allOf('file:///d/dep.npu')).not.toContain('file:///d/link.npu');
});
