import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { offeredTools } from '../../../cli/agents/offered-tools.ts';
import { docPages } from '../../../cli/agents/tools/docs.ts';
import { exitCodes } from '../../../cli/exit-code.ts';
import { openLibrary, readShippedText } from '../../../host/index.ts';
import { engineThat } from '../small-program.ts';

const root = join(import.meta.dirname, '../../..');
const library = openLibrary(join(root, 'library'));
const offered = offeredTools({
  newEngine: () => engineThat('met'),
  directory: root,
  library,
  readLibrary: (uri) => readFileSync(fileURLToPath(uri), 'utf8'),
  readPanel: () => undefined,
  readShipped: (page) => readShippedText(join(root, 'package.json'), page),
  startLanguageServer: async () => exitCodes.ok,
  startAgentServer: async () => exitCodes.ok,
});
const call = (name: string, given: unknown) => offered.call(name, given, new AbortController().signal);

interface Page {
  readonly text: string;
  readonly sections?: readonly string[];
}

describe('read_docs', () => {
  test('has every page of the documentation in the package', () => {
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly files: readonly string[];
    };
    const pages = files.flatMap((file) => /^docs\/([\w-]+)\.md$/u.exec(file)?.[1] ?? []);
    expect([...docPages].sort()).toEqual(pages.sort());
  });

  test.each(docPages)('%s is small enough, and each of its sections can be read', async (page) => {
    const { text, sections = [] } = (await call('read_docs', { page })) as unknown as Page;
    expect(text.length).toBeGreaterThan(100);
    expect(text.length).toBeLessThan(12_100);
    for (const section of sections) {
      const found = (await call('read_docs', { page, section })) as unknown as Page;
      expect(found.text.replaceAll('`', '')).toContain(`# ${section}`);
    }
  });

  test.each(['slo-violated', 'diagnostics/slo-violated', 'docs/diagnostics/slo-violated.md'])('%s', async (page) => {
    expect(await call('read_docs', { page })).toMatchObject({
      text: expect.stringContaining('An objective is violated'),
    });
  });
});

describe('list_library', () => {
  test('lists each chip once, with its import and its comment', async () => {
    const { entries } = (await call('list_library', { kind: 'npu' })) as {
      entries: readonly { readonly name: string }[];
    };
    expect(entries.length).toBeGreaterThan(15);
    expect(entries).toContainEqual({
      kind: 'npu',
      name: 'TPUv4i',
      import: 'stimpack/tpuv4i',
      description: expect.stringContaining('four 128 x 128'),
    });
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });

  test('lists networks and schedulers as well', async () => {
    const { entries } = (await call('list_library', {})) as { entries: readonly { readonly kind: string }[] };
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['npu', 'model', 'scheduler']));
  });

  test('a kind that does not exist is an error with the kinds', async () => {
    expect(await call('list_library', { kind: 'chip' })).toBe(
      "the argument 'kind' of 'list_library' must be one of npu, model, scheduler",
    );
  });
});
