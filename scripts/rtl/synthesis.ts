import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { artifact } from '../vscode/artifacts.ts';
import { run } from '../vscode/processes.ts';
import { sources } from './benches.ts';
import { libertyText } from './generic-cells.ts';
import { depthFo4, type GateCount, gateCount, type Netlist } from './netlist.ts';

/** The sizes of the square arrays that are synthesized. */
const arraySizes = [2, 4, 8] as const;

export interface ElementArea extends GateCount {
  readonly name: 'bf16' | 'dual-int8' | 'convertible';
  /** The longest path in each mode that the element has. */
  readonly depthFo4: { readonly base?: number; readonly burst?: number };
}

/** The gates of a square array outside of its elements: the registers that skew its operands. */
export interface ArrayEdge extends GateCount {
  readonly size: number;
}

export interface UnitArea extends GateCount {
  readonly columns: number;
}

export interface Synthesis {
  /** The hash of the sources that were synthesized. */
  readonly sources: string;
  readonly yosys: string;
  readonly elements: readonly ElementArea[];
  readonly arrayEdges: readonly ArrayEdge[];
  readonly quantizationUnits: readonly UnitArea[];
  readonly modeSwitch: GateCount;
}

/** The hash of all hardware descriptions, independent of line endings. */
export function sourceHash(): string {
  const hash = createHash('sha256');
  for (const file of sources())
    hash.update(`${basename(file)}\n${readFileSync(file, 'utf8').replaceAll('\r\n', '\n')}`);
  return hash.digest('hex');
}

export async function synthesize(print: (line: string) => void): Promise<Synthesis> {
  const yosys = (await run('yosys', ['-V'])).trim().split(' ').slice(0, 2).join(' ');
  const elements: ElementArea[] = [];
  for (const name of ['bf16', 'dual-int8', 'convertible'] as const) {
    const netlist = await netlistOf(`element-${name}`, 'processing_element', { ARITHMETIC: `"${name}"` });
    const base = name === 'dual-int8' ? {} : { base: depthFo4(netlist, { burst: false }) };
    const burst = name === 'bf16' ? {} : { burst: depthFo4(netlist, { burst: true }) };
    const element = { name, ...gateCount(netlist), depthFo4: { ...base, ...burst } };
    print(`${name}: ${element.registerGates + element.logicGates} gate equivalents`);
    elements.push(element);
  }
  const arrayEdges: ArrayEdge[] = [];
  const quantizationUnits: UnitArea[] = [];
  for (const size of arraySizes) {
    const parameters = { ROWS: String(size), COLUMNS: String(size) };
    const edge = gateCount(await netlistOf(`array-${size}`, 'systolic_array', parameters, '*processing_element*'));
    arrayEdges.push({ size, ...edge });
    const unit = gateCount(await netlistOf(`unit-${size}`, 'quantization_unit', { COLUMNS: String(size) }));
    quantizationUnits.push({ columns: size, ...unit });
    print(
      `${size} x ${size}: edges ${edge.registerGates + edge.logicGates}, unit ${unit.registerGates + unit.logicGates}`,
    );
  }
  // The latency of the library's chip: 1 us at 1.05 GHz.
  const modeSwitch = gateCount(await netlistOf('mode-switch', 'mode_switch', { LATENCY: '1050' }));
  return { sources: sourceHash(), yosys, elements, arrayEdges, quantizationUnits, modeSwitch };
}

/** Synthesizes a module to generic cells. Modules that match `keep` are not synthesized, and stay cells. */
async function netlistOf(
  name: string,
  top: string,
  parameters: Readonly<Record<string, string>>,
  keep?: string,
): Promise<Netlist> {
  const library = artifact('rtl', 'synthesis', 'generic.lib');
  const output = artifact('rtl', 'synthesis', `${name}.json`);
  const script = artifact('rtl', 'synthesis', `${name}.ys`);
  writeFileSync(library, libertyText());
  const set = Object.entries(parameters).map(([key, value]) => `chparam -set ${key} ${value} ${top}`);
  writeFileSync(
    script,
    [
      `read_verilog -sv ${sources().join(' ')}`,
      ...set,
      `hierarchy -check -top ${top}`,
      ...(keep === undefined ? [] : [`blackbox ${keep}`]),
      `synth -flatten -top ${top}`,
      'dfflegalize -cell $_DFF_P_ x',
      'techmap',
      `dfflibmap -liberty ${library}`,
      `abc -liberty ${library}`,
      'opt_clean -purge',
      `write_json ${output}`,
    ].join('\n'),
  );
  await run('yosys', ['-q', script]);
  const { modules } = JSON.parse(readFileSync(output, 'utf8')) as {
    modules: Record<string, Netlist & { attributes: Record<string, unknown> }>;
  };
  const found = Object.values(modules).find(({ attributes }) => attributes.top !== undefined);
  if (found === undefined) throw new Error(`Yosys wrote no top module for ${name}`);
  return found;
}
