/**
 * A generic library of static CMOS cells. It is not the library of any process.
 *
 * Area: transistors of the textbook circuit, in gate equivalents. A NAND2 has four transistors and is one gate equivalent.
 * Delay: logical effort (Sutherland, Sproull, Harris, Logical Effort, 1999), `effort * 3 + parasitic` in units of tau for a cell that
 * drives three times its own input, in FO4: an inverter that drives four inverters takes 5 tau. Wires have no delay.
 */
export interface GenericCell {
  readonly transistors: number;
  /** Liberty's notation. null for the flip-flop. */
  readonly logic: string | null;
  readonly inputs: readonly string[];
  /** The same as `logic`, for constant propagation. */
  readonly value: (inputs: readonly boolean[]) => boolean;
  readonly delayTau: number;
}

/** The number of times that a cell drives its own input capacitance: our assumption, between a chain and a fan-out of four. */
const electricalEffort = 3;
const delayOf = (effort: number, parasitic: number): number => effort * electricalEffort + parasitic;

const inverter = delayOf(1, 1);
/** A cell and the inverter behind it, which has the same input capacitance as the cell. */
const thenInverter = (effort: number, parasitic: number): number => effort + parasitic + inverter;

type Value = (a: boolean, b: boolean, c: boolean, d: boolean) => boolean;

const cell = (transistors: number, logic: string, inputs: string, delayTau: number, value: Value): GenericCell => ({
  transistors,
  logic,
  inputs: inputs.split(''),
  value: ([a = false, b = false, c = false, d = false]) => value(a, b, c, d),
  delayTau,
});

export const genericCells = {
  INV: cell(2, "A'", 'A', inverter, (a) => !a),
  BUF: cell(4, 'A', 'A', thenInverter(1, 1), (a) => a),
  NAND2: cell(4, "(A B)'", 'AB', delayOf(4 / 3, 2), (a, b) => !(a && b)),
  NAND3: cell(6, "(A B C)'", 'ABC', delayOf(5 / 3, 3), (a, b, c) => !(a && b && c)),
  NOR2: cell(4, "(A+B)'", 'AB', delayOf(5 / 3, 2), (a, b) => !(a || b)),
  NOR3: cell(6, "(A+B+C)'", 'ABC', delayOf(7 / 3, 3), (a, b, c) => !(a || b || c)),
  AND2: cell(6, '(A B)', 'AB', thenInverter(4 / 3, 2), (a, b) => a && b),
  OR2: cell(6, '(A+B)', 'AB', thenInverter(5 / 3, 2), (a, b) => a || b),
  AOI21: cell(6, "((A B)+C)'", 'ABC', delayOf(2, 7 / 3), (a, b, c) => !((a && b) || c)),
  OAI21: cell(6, "((A+B) C)'", 'ABC', delayOf(2, 7 / 3), (a, b, c) => !((a || b) && c)),
  AOI22: cell(8, "((A B)+(C D))'", 'ABCD', delayOf(2, 4), (a, b, c, d) => !((a && b) || (c && d))),
  OAI22: cell(8, "((A+B) (C+D))'", 'ABCD', delayOf(2, 4), (a, b, c, d) => !((a || b) && (c || d))),
  // NOR2 and AOI21, NAND2 and OAI21: the delay is that of both.
  XOR2: cell(10, "((A B')+(A' B))", 'AB', 5 / 3 + 2 + delayOf(2, 7 / 3), (a, b) => a !== b),
  XNOR2: cell(10, "((A B)+(A' B'))", 'AB', 4 / 3 + 2 + delayOf(2, 7 / 3), (a, b) => a === b),
  // AOI22 and two inverters.
  MUX2: cell(12, "((A S')+(B S))", 'ABS', thenInverter(2, 4), (a, b, s) => (s ? b : a)),
  // Two latches of transmission gates with the inverters of their clock.
  DFF: { transistors: 24, logic: null, inputs: ['C', 'D'], value: () => false, delayTau: 0 },
} as const satisfies Readonly<Record<string, GenericCell>>;

export type CellName = keyof typeof genericCells;

const transistorsPerGate = 4;

export function gatesOf(name: CellName): number {
  return genericCells[name].transistors / transistorsPerGate;
}

/** The delay of an inverter that drives four inverters, in tau. */
export const fo4Tau = 5;

/** The library in Liberty's format, as Yosys and ABC read it. */
export function libertyText(): string {
  const cells = Object.entries(genericCells).map(([name, { transistors, logic, inputs, delayTau }]) => {
    const area = transistors / transistorsPerGate;
    if (logic === null) {
      return [
        `  cell(${name}) { area : ${area}; ff(IQ, IQN) { clocked_on : "C"; next_state : "D"; }`,
        '    pin(C) { direction : input; clock : true; } pin(D) { direction : input; }',
        '    pin(Q) { direction : output; function : "IQ"; } }',
      ].join('\n');
    }
    const value = (delayTau / fo4Tau).toFixed(4);
    const table = (kind: string): string => `${kind}(scalar) { values("${value}"); }`;
    const slew = (kind: string): string => `${kind}(scalar) { values("0"); }`;
    const arcs = inputs.map(
      (input) =>
        `timing() { related_pin : "${input}"; timing_sense : non_unate; ${table('cell_rise')} ${table('cell_fall')} ` +
        `${slew('rise_transition')} ${slew('fall_transition')} }`,
    );
    return [
      `  cell(${name}) { area : ${area};`,
      ...inputs.map((input) => `    pin(${input}) { direction : input; capacitance : 1; }`),
      `    pin(Y) { direction : output; function : "${logic}"; ${arcs.join('\n      ')} } }`,
    ].join('\n');
  });
  return [
    'library(generic) {',
    '  time_unit : "1ns"; capacitive_load_unit(1, pf); default_max_transition : 1000;',
    ...cells,
    '}\n',
  ].join('\n');
}
