import { type CellName, fo4Tau, type GenericCell, gatesOf, genericCells } from './generic-cells.ts';

/** A wire, or a constant. */
type Bit = number | '0' | '1' | 'x' | 'z';

/** One module of Yosys' `write_json`, as far as it is read here. */
export interface Netlist {
  readonly ports: Readonly<Record<string, { readonly direction: string; readonly bits: readonly Bit[] }>>;
  readonly cells: Readonly<
    Record<string, { readonly type: string; readonly connections: Readonly<Record<string, readonly Bit[]>> }>
  >;
}

/** The area of a netlist of generic cells, in gate equivalents. Cells that are not in the library are counted by type. */
export interface GateCount {
  readonly registerGates: number;
  readonly logicGates: number;
  readonly others: Readonly<Record<string, number>>;
}

export function gateCount({ cells }: Netlist): GateCount {
  let registerGates = 0;
  let logicGates = 0;
  const others: Record<string, number> = {};
  for (const { type } of Object.values(cells)) {
    if (!isGeneric(type)) others[type] = (others[type] ?? 0) + 1;
    else if (type === 'DFF') registerGates += gatesOf(type);
    else logicGates += gatesOf(type);
  }
  return { registerGates, logicGates, others };
}

function isGeneric(type: string): type is CellName {
  return Object.hasOwn(genericCells, type);
}

/**
 * The longest path between registers, in FO4, without the registers themselves. Inputs that `constants` names are tied: what they make
 * constant, and the paths that they block, do not count. So one netlist has a depth for each mode.
 */
export function depthFo4(netlist: Netlist, constants: Readonly<Record<string, boolean>>): number {
  const values = new Map<Bit, boolean>([
    ['0', false],
    ['1', true],
    // Yosys leaves a bit undefined only where it does not matter.
    ['x', false],
  ]);
  const arrivals = new Map<Bit, number>();
  for (const [name, { direction, bits }] of Object.entries(netlist.ports)) {
    const constant = constants[name];
    for (const bit of direction === 'input' ? bits : []) {
      if (constant === undefined) arrivals.set(bit, 0);
      else values.set(bit, constant);
    }
  }
  interface Gate {
    readonly cell: GenericCell;
    readonly inputs: readonly Bit[];
    readonly output: Bit;
  }
  const gates: Gate[] = [];
  const ends: Bit[] = Object.values(netlist.ports).flatMap(({ direction, bits }) =>
    direction === 'output' ? bits : [],
  );
  for (const { type, connections } of Object.values(netlist.cells)) {
    const bitOf = (port: string): Bit => connections[port]?.[0] ?? 'x';
    if (!isGeneric(type)) throw new Error(`the netlist has a cell of type ${type}, which is not in the library`);
    if (type === 'DFF') {
      arrivals.set(bitOf('Q'), 0);
      ends.push(bitOf('D'));
    } else {
      const cell: GenericCell = genericCells[type];
      gates.push({ cell, inputs: cell.inputs.map(bitOf), output: bitOf('Y') });
    }
  }

  // Gates whose inputs are known, in rounds: each wire has one driver, and there are no loops outside of registers.
  const users = new Map<Bit, Gate[]>();
  const missing = new Map<Gate, number>();
  const ready: Gate[] = [];
  const isKnown = (bit: Bit): boolean => values.has(bit) || arrivals.has(bit);
  for (const gate of gates) {
    const unknown = new Set(gate.inputs.filter((bit) => !isKnown(bit)));
    missing.set(gate, unknown.size);
    if (unknown.size === 0) ready.push(gate);
    for (const bit of unknown) users.set(bit, [...(users.get(bit) ?? []), gate]);
  }
  for (let gate = ready.pop(); gate !== undefined; gate = ready.pop()) {
    const { cell, inputs, output } = gate;
    const known = inputs.map((bit) => values.get(bit));
    const active = activeInputs(cell, known);
    if (active.length === 0) values.set(output, cell.value(known.map((value) => value ?? false)));
    else {
      const latest = Math.max(...active.map((index) => arrivals.get(inputs[index] ?? 'x') ?? 0));
      arrivals.set(output, latest + cell.delayTau);
    }
    for (const user of users.get(output) ?? []) {
      const left = (missing.get(user) ?? 0) - 1;
      missing.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return Math.max(0, ...ends.map((bit) => arrivals.get(bit) ?? 0)) / fo4Tau;
}

/** The inputs without a value that can change the output. */
function activeInputs(cell: GenericCell, known: readonly (boolean | undefined)[]): readonly number[] {
  const open = known.flatMap((value, index) => (value === undefined ? [index] : []));
  return open.filter((index) => {
    for (let pattern = 0; pattern < 2 ** open.length; pattern++) {
      const inputs = known.map((value, at) => value ?? ((pattern >> open.indexOf(at)) & 1) === 1);
      const flipped = inputs.map((value, at) => (at === index ? !value : value));
      if (cell.value(inputs) !== cell.value(flipped)) return true;
    }
    return false;
  });
}
