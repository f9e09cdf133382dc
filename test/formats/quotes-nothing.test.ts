import { describe, expect, test } from 'vitest';
import { readHuggingFace, readScaleSimConfig, readScaleSimTopology, readTrace } from '../../formats/index.ts';
import { released } from './hugging-face/configurations.ts';

/*
 * A file that a design names can be anything on the machine: a `.csv` can be a link to a password file. So no message about it quotes a value. Each
 * text below has the secret in one value, and in the lines that are left out.
 */

const secret = 'hunter2';
const uri = 'file:///w/a.csv';
const origin = { uri, start: 0, end: 1 };

const topology =
  'Layer,IFMAP Height,IFMAP Width,Filter Height,Filter Width,Channels,Num Filter,Strides,\na,5,5,3,3,1,2,1,';
const config = `[general]
run_name: net
[architecture_presets]
ArrayHeight: 8
ArrayWidth: 8
IfmapSramSzkB: 64
FilterSramSzkB: 64
OfmapSramSzkB: 64
Dataflow: ws
Bandwidth: 10
[run_presets]
InterfaceBandwidth: USER`;

/** The text, once for each match of the pattern, with the secret in its place. */
function variants(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(
    ({ index, 0: found }) => `${text.slice(0, index)}${secret}${text.slice(index + found.length)}`,
  );
}

function messagesOf(read: { readonly diagnostics: readonly { readonly message: string }[] }): readonly string[] {
  return read.diagnostics.map(({ message }) => message);
}

describe('no message quotes a value', () => {
  test('of a topology', () => {
    const texts = [
      ...variants(topology, /\b\d\b/gu),
      `${topology}\n${secret}\n${secret},,,,\nb,5,5,3,3,1,2,1,${secret},${secret},`,
    ];
    expect(texts).toHaveLength(8);
    for (const text of texts) {
      const messages = messagesOf(readScaleSimTopology(text, uri));
      expect(messages).not.toEqual([]);
      expect(messages.join('\n')).not.toContain(secret);
    }
  });

  test('of a chip', () => {
    const texts = [...variants(config, /(?<=: )(?!net)\w+/gu), `${config}\n${secret}`];
    expect(texts).toHaveLength(9);
    for (const text of texts) {
      const messages = messagesOf(readScaleSimConfig(text, uri));
      expect(messages).not.toEqual([]);
      expect(messages.join('\n')).not.toContain(secret);
    }
  });

  test('of a configuration of Hugging Face', () => {
    for (const { name, config: values } of released) {
      const keys = Object.keys(values);
      const messages = keys.flatMap((key) => {
        const text = JSON.stringify({ ...values, [key]: secret });
        return messagesOf(readHuggingFace(text, 'Net', 'config.json', () => origin));
      });
      expect(messages.length, name).toBeGreaterThan(3);
      expect(messages.join('\n'), name).not.toContain(secret);
    }
  });

  test('of a trace', () => {
    const texts = [
      `time\n1\n2\n${secret}\n3\n`,
      `time\n${secret}\n${secret}\n`,
      `time,tokens\n1,2\n2,${secret}\n3,${secret}\n`,
      `root:x:0:${secret}\ndaemon:x:1:${secret}\n`,
      `${secret}\n`,
      `{"time": "${secret}"}\n{"time": "${secret}"}\n`,
      `[1, "${secret}"]`,
      `${secret}: ${secret}\n-----BEGIN ${secret}-----\n`,
    ];
    for (const text of texts) {
      const { diagnostics } = readTrace(new TextEncoder().encode(text), origin);
      expect(JSON.stringify(diagnostics)).not.toContain(secret);
    }
  });
});
