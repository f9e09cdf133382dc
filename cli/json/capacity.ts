import type { Capacity, CapacityProbe } from '../../design/index.ts';
import { caveatJson } from './caveat.ts';
import type { Json } from './document.ts';

function probeJson(probe: CapacityProbe): { readonly [key: string]: Json } {
  const { factor, offeredRps, verdict, requests } = probe;
  return { factor, offeredLoadRps: offeredRps, verdict, requests };
}

/** The capacity of one scenario in the format of `docs/json.md`. */
export function capacityJson(capacity: Capacity): { readonly [key: string]: Json } {
  const { low, high, limit } = capacity;
  return {
    scenario: capacity.scenario,
    npu: capacity.npu,
    scheduler: capacity.scheduler,
    met: low === null ? null : probeJson(low),
    violated: high === null ? null : probeJson(high),
    limit: limit === null ? null : { serve: limit.serve, slo: limit.slo.text, verdict: limit.verdict },
    ...(capacity.overload === undefined ? {} : { overload: { ...capacity.overload } }),
    exceptions: capacity.exceptions.map(probeJson),
    probes: capacity.probes.map(probeJson),
    caveats: capacity.caveats.map(caveatJson),
    statedInputs: [...(capacity.statedInputs ?? [])],
  };
}
