import type { GateCount } from './netlist.ts';
import type { Synthesis } from './synthesis.ts';
import type { Verification } from './verify.ts';

/** docs/rtl.json: what `npm run rtl -- --write` measured. docs/rtl.md is written from it. */
export interface RtlRecord {
  readonly verilator: string;
  readonly verification: Verification;
  readonly synthesis: Synthesis;
}

export function totalGates({ registerGates, logicGates }: GateCount): number {
  return registerGates + logicGates;
}
