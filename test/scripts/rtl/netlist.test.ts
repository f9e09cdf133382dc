import { expect, test } from 'vitest';
import { genericCells } from '../../../scripts/rtl/generic-cells.ts';
import { depthFo4, gateCount, type Netlist } from '../../../scripts/rtl/netlist.ts';

/** y = mode ? a : NOT NOT a, then a register. */
const netlist: Netlist = {
  ports: {
    mode: { direction: 'input', bits: [2] },
    a: { direction: 'input', bits: [3] },
    q: { direction: 'output', bits: [8] },
  },
  cells: {
    first: { type: 'INV', connections: { A: [3], Y: [4] } },
    second: { type: 'INV', connections: { A: [4], Y: [5] } },
    choice: { type: 'MUX2', connections: { A: [5], B: [3], S: [2], Y: [6] } },
    register: { type: 'DFF', connections: { C: ['x'], D: [6], Q: [8] } },
  },
};

test('gates are counted in NAND2 equivalents: registers, logic, and cells of other libraries', () => {
  expect(gateCount(netlist)).toEqual({ registerGates: 6, logicGates: 0.5 + 0.5 + 3, others: {} });
  const element = { type: 'element', connections: {} };
  expect(gateCount({ ports: {}, cells: { one: element, two: element } }).others).toEqual({ element: 2 });
});

test('a depth counts only the paths that the mode leaves open', () => {
  const inverter = genericCells.INV.delayTau / 5;
  const choice = genericCells.MUX2.delayTau / 5;
  expect(depthFo4(netlist, {})).toBeCloseTo(2 * inverter + choice, 9);
  expect(depthFo4(netlist, { mode: false })).toBeCloseTo(2 * inverter + choice, 9);
  expect(depthFo4(netlist, { mode: true })).toBeCloseTo(choice, 9);
});

/** Liberty's `A'`, `(A B)` and `(A+B)` as JavaScript's operators. */
function evaluate(logic: string, inputs: Readonly<Record<string, boolean>>): boolean {
  const found = logic.replaceAll(' ', '&').replace(/[A-Z]/g, (name) => (inputs[name] === true ? '1' : '0'));
  // The innermost parentheses first; a quote behind a value inverts it.
  const reduce = (text: string): string => {
    const inverted = text.replaceAll("1'", '!').replaceAll("0'", '1').replaceAll('!', '0');
    const next = inverted.replace(/\(([01](?:[&+][01])*)\)/g, (_, inner: string) =>
      inner.split('+').some((term) => !term.includes('0')) ? '1' : '0',
    );
    return next === text ? next : reduce(next);
  };
  return reduce(`(${found})`) === '1';
}

test('the function that Yosys reads and the one that depths use agree for each cell', () => {
  for (const [name, { logic, inputs, value }] of Object.entries(genericCells)) {
    if (logic === null) continue;
    for (let pattern = 0; pattern < 2 ** inputs.length; pattern++) {
      const bits = inputs.map((_, index) => ((pattern >> index) & 1) === 1);
      const named = Object.fromEntries(inputs.map((input, index) => [input, bits[index] === true]));
      expect(value(bits), `${name} ${JSON.stringify(named)}`).toBe(evaluate(logic, named));
    }
  }
});
