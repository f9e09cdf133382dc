import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeLens, Hover, SignatureHelp, TextEdit } from 'vscode-languageserver/node';
import { plainText } from '../../server/features/markup.ts';
import { TestServer } from './language-server.ts';

/** A server whose client is an editor that only supports LSP and announces few capabilities. */
let server: TestServer;
const methods: string[] = [];

beforeAll(async () => {
  ({ server } = await TestServer.start({ foreign: true, rich: false, pulls: false }));
  // Every other notification and request arrives here.
  server.connection.onUnhandledNotification(({ method }) => methods.push(method));
});
afterAll(() => server.stop());

const uri = 'untitled:foreign.npu';
const text = `npu Chip {
    clock: 1 GHz
  array { rows: 128, columns: 128 }
  vector { rate: 2048 operations/cycle }
  VMEM { capacity: 16 MiB, bandwidth: 25 TB/s }
  CMEM { capacity: 64 MiB, bandwidth: 2 TB/s }
  HBM { capacity: 8 GB, bandwidth: 614 GB/s }
  mode base { precision: bf16 }
}
model Tiny {
  input: 56 x 56 x 64
  layers {
    fc: dense { outputs: 1000 }
  }
}
scenario Quick {
  npu: Chip
  duration: 2000 requests
  serve Tiny {
    arrivals: poisson(100 rps)
    slo { p99 latency <= 1 ns }
  }
}
`;

describe('a client of another editor', () => {
  it('gets the verdict as a diagnostic, and no notification that LSP does not define', async () => {
    await server.open(uri, text);
    const found = await server.until(
      () =>
        server.published.findLast(
          (each) => each.uri === uri && each.diagnostics.some(({ code }) => code === 'slo-violated'),
        )?.diagnostics,
    );
    const violated = found.find(({ code }) => code === 'slo-violated');
    expect(violated?.message).toMatch(/^p99 latency of Tiny is /u);
    // It announced neither related places, nor links of codes, nor tags.
    for (const each of found)
      expect(Object.keys(each).sort()).toEqual(['code', 'message', 'range', 'severity', 'source']);
    expect(server.states).toEqual([]);
    expect(methods).toEqual([]);
  });

  it('gets plain text in hover and signature help', async () => {
    const hover = await server.ask<Hover>('hover', uri, { position: { line: 1, character: 5 } });
    expect(hover.contents).toMatchObject({ kind: 'plaintext', value: expect.not.stringMatching(/\*\*|`|\]\(/u) });
    const position = { line: 19, character: 22 };
    const help = await server.ask<SignatureHelp>('signatureHelp', uri, { position });
    expect(help.signatures[0]?.documentation).toMatchObject({ kind: 'plaintext' });
  });

  it('gets no lenses, because it has none of the commands', async () => {
    expect(await server.ask<CodeLens[]>('codeLens', uri)).toEqual([]);
  });

  it('formats with two spaces, whatever width it requests', async () => {
    const options = { tabSize: 8, insertSpaces: false };
    const edits = await server.ask<TextEdit[]>('formatting', uri, { options });
    expect(edits.map(({ newText, range }) => [newText, range.start.line])).toEqual([['', 1]]);
  });
});

describe('plain text of Markdown', () => {
  it.each([
    ['**clock** of the chip, see [docs](file:///x.md).', 'clock of the chip, see docs.'],
    ['`a*b*c` stays', 'a*b*c stays'],
    ['```npu\nnpu A {}\n```', 'npu A {}'],
    ['| a | b |\n|---|---:|\n| 1 | **2** |', 'a   b\n1   2'],
    ['1 \\* 2 &lt; 3', '1 * 2 < 3'],
    ['# Title\n\n\n\ntext', 'Title\n\ntext'],
  ])('%j', (markdown, expected) => {
    expect(plainText(markdown)).toBe(expected);
  });
});
