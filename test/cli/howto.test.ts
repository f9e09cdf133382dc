import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { onnxFile } from '../formats/onnx-file.ts';

/* Types the commands of docs/howto.md, in the order of each section, in a folder with the files that a reader has. */

const folder = mkdtempSync(path.join(tmpdir(), 'npu-howto-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sections = readFileSync('docs/howto.md', 'utf8').split(/^## /mu).slice(1);

interface Block {
  readonly language: string;
  readonly text: string;
}

/** The blocks of a section, and the commands in its sentences. */
function section(title: string): { readonly blocks: readonly Block[]; readonly commands: readonly string[] } {
  const text = sections.find((one) => one.startsWith(title)) ?? '';
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].map(([, language = '', content = '']) => ({
    language,
    text: content,
  }));
  const commands = [...text.matchAll(/(?:^|`)stimpack ([^`\n]+)/gmu)].map(([, args = '']) => args);
  return { blocks, commands };
}

/** Runs a command in the folder of a section, and returns what it prints. */
function type(place: string, args: string): string {
  const command = [path.resolve('dist/cli.cjs'), ...args.split(' ')];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: place, encoding: 'utf8' });
  expect(status, `stimpack ${args}: ${stderr}`).toBe(0);
  return `${stdout}${stderr}`;
}

function placeOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const place = path.join(folder, name);
  mkdirSync(place);
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(place, file), content);
  return place;
}

/** A network as torch.onnx.export writes it, with the fixed shape of the page. */
const squeezenet = onnxFile({
  inputs: { image: [1, 3, 224, 224] },
  outputs: { scores: [1, 64, 112, 112] },
  weights: [{ name: 'weights', dims: [64, 3, 3, 3], type: 1 }],
  nodes: [
    {
      op: 'Conv',
      in: ['image', 'weights'],
      out: ['scores'],
      attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
    },
  ],
});

const llama = JSON.stringify({
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: 512,
  intermediate_size: 1024,
  num_hidden_layers: 2,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  vocab_size: 1000,
  max_position_embeddings: 2048,
  hidden_act: 'silu',
  rms_norm_eps: 1e-5,
  tie_word_embeddings: false,
});

const scenario = (model: string, imports: string, from = ''): string => `import "stimpack/tpuv4i"
${imports}
${from}
scenario Rush {
  npu: TPUv4i
  serve ${model} {
    arrivals: poisson(1000 rps)
    slo { p99 latency <= 15 ms }
  }
}
`;

describe('the how-tos', () => {
  it('from PyTorch to a verdict', () => {
    const { commands } = section('From PyTorch');
    const place = placeOf('pytorch', { 'squeezenet.onnx': squeezenet, 'config.json': llama });
    expect(commands).toEqual([
      'import squeezenet.onnx --out squeezenet.npu',
      'run design.npu',
      'import config.json --out llama.npu',
    ]);
    type(place, commands[0] ?? '');
    const imported = readFileSync(path.join(place, 'squeezenet.npu'), 'utf8');
    const model = /^model (\w+)/mu.exec(imported)?.[1] ?? '';
    writeFileSync(path.join(place, 'design.npu'), scenario(model, 'import "./squeezenet.npu"'));
    expect(type(place, commands[1] ?? '')).toContain('1 met');
    // The same network, read directly.
    const direct = 'model Squeeze from "squeezenet.onnx"';
    expect(readFileSync('docs/howto.md', 'utf8')).toContain(`\`${direct}\``);
    writeFileSync(path.join(place, 'design.npu'), scenario('Squeeze', '', direct));
    expect(type(place, commands[1] ?? '')).toContain('1 met');
    type(place, commands[2] ?? '');
    expect(readFileSync(path.join(place, 'llama.npu'), 'utf8')).toContain('cache: yes');
  });

  it('for SCALE-Sim users', () => {
    const { commands } = section('For SCALE-Sim');
    const place = placeOf('scale-sim', {
      'scale.cfg':
        '[general]\nrun_name = edge\n[architecture_presets]\nArrayHeight: 32\nArrayWidth: 32\nIfmapSramSzkB: 512\nFilterSramSzkB: 512\nOfmapSramSzkB: 256\nDataflow: ws\nBandwidth: 10\n[run_presets]\nInterfaceBandwidth: USER\n',
      'topology.csv':
        'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\nConv1,56,56,3,3,64,64,1,\n',
    });
    expect(commands).toHaveLength(3);
    const [, checked = '', layers = ''] = commands.map((args) => type(place, args));
    expect(checked).toContain('no problems in 1 file');
    expect(layers).toMatch(/^Conv1,conv,2916,64,576,/mu);
  });

  it('compare two designs', () => {
    const { blocks, commands } = section('Compare two designs');
    const place = placeOf('compare', { 'design.npu': blocks.find(({ language }) => language === 'npu')?.text ?? '' });
    expect(commands).toEqual(['run design.npu']);
    expect(type(place, commands[0] ?? '')).toMatch(/^ {2}Rush .*^ {2}TPUv4i /msu);
  });

  it('a chip of my own', () => {
    const { commands } = section('A chip of my own');
    const place = placeOf('own', {
      'design.npu':
        'import "stimpack/tpuv4i"\nimport "stimpack/resnet50"\nnpu Mine extends TPUv4i {\n  HBM { bandwidth: 819 GB/s }\n}\n',
    });
    expect(commands).toEqual(['check', 'layers design.npu --model ResNet50 --npu Mine --batch 1']);
    expect(type(place, `${commands[0]} design.npu`)).toContain('no problems');
    expect(type(place, commands[1] ?? '')).toContain('conv');
  });
});
