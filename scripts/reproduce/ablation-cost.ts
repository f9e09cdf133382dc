import { chipArea, type Npu } from '../../design/index.ts';
import type { Findings } from './findings.ts';
import { loadRatio } from './plots.ts';
import { type Scheme, schemeNames } from './subjects.ts';
import { seven, spread } from './summary.ts';
import { factor, nothing, table, three } from './text.ts';
import type { Traffic } from './traffic.ts';

/**
 * The area that a chip has in addition to another one, in square metres. null if it is not known. A part without a figure is left out if both chips
 * have it, because it is the same part in both.
 */
export function addedArea(npu: Npu, base: Npu): number | null {
  const [own, other] = [chipArea(npu), chipArea(base)];
  if (own === null || other === null) return null;
  const unknown = (area: typeof own) => area.parts.flatMap((part) => (part.squareMetres === null ? [part.name] : []));
  if (unknown(own).join() !== unknown(other).join()) return null;
  return own.knownSquareMetres - other.knownSquareMetres;
}

/** Energy per request divided by TPUv4i's: `own` at the largest load of each chip, `same` at TPUv4i's load. null without a value. */
function energyRatio(
  findings: Findings,
  network: string,
  traffic: Traffic,
  scheme: Scheme,
  at: 'own' | 'same',
): number | null {
  const found = findings.serving.find((one) => one.subject === network && one.traffic === traffic);
  const probe = at === 'own' ? found?.load[scheme].at : found?.atBaseline?.[scheme];
  const own = probe === undefined || probe === null || probe === 'late' ? null : probe.joulesPerRequest;
  const base = (at === 'own' ? found?.load.tpuv4i.at : found?.atBaseline?.tpuv4i)?.joulesPerRequest ?? null;
  return own === null || base === null ? null : own / base;
}

/** The mean over MLPerf's seven networks, with the number of networks if some have no value. */
function meanOf(name: string, of: (network: string) => number | null): string {
  const values = seven.map((network) => ({ network, factor: of(network) }));
  if (values.every((one) => one.factor === null)) return nothing;
  const { mean, missing } = spread({ name, paper: null, values });
  return missing.length === 0 ? factor(mean) : `${factor(mean)} (of ${seven.length - missing.length})`;
}

/** The area and energy of each of the three schemes, with the largest load. */
export function ablationCost(findings: Findings): readonly string[] {
  const [first] = findings.alone;
  if (first === undefined) throw new Error('the experiment has no network alone');
  const { contenders } = first;
  const row = (scheme: Scheme): readonly string[] => {
    const area = addedArea(contenders[scheme].npu, contenders.tpuv4i.npu);
    const columns = (traffic: Traffic) => [
      meanOf('load', (network) => loadRatio(findings, network, traffic, scheme)),
      meanOf('energy', (network) => energyRatio(findings, network, traffic, scheme, 'own')),
      meanOf('energy', (network) => energyRatio(findings, network, traffic, scheme, 'same')),
    ];
    return [
      schemeNames[scheme],
      area === null ? nothing : three(area * 1e6),
      ...columns('poisson'),
      ...columns('bursty'),
    ];
  };
  const head = (traffic: string) => [`${traffic}: load`, 'mJ at its load', 'mJ at TPUv4i’s load'];
  const { energy, area } = contenders.tpuv4i.npu;
  const idle = energy === null ? '' : `, where more requests share the idle power of ${three(energy.staticWatts)} W`;
  const rows = (['stored', 'off-chip', 'on-chip'] as const).map(row);
  return [
    `The largest load and the energy per request, divided by TPUv4i’s: means of MLPerf’s seven networks. *At its load*: each chip at its own largest load${idle}. *At TPUv4i’s load*: both chips serve the same arrivals. *Added area*: convertible elements in all three schemes, and the quantization unit in on-chip. The figures are those of the library’s chips: ${three((area?.mac.bf16 ?? Number.NaN) * 1e12)} µm² for a bf16 element, and the ratios of [rtl.md](rtl.md). That page starts from the area of all arrays in a photograph of the die instead, so its areas are larger. Memories are the same in all chips.`,
    ...(rows.flat().some((cell) => cell.includes('(of'))
      ? [
          '',
          'A number in brackets is the number of networks with a value. The others have none, because the scheme violates an objective at a smaller load.',
        ]
      : []),
    '',
    table(['divided by TPUv4i’s', 'added area, mm²', ...head('Poisson'), ...head('bursty')], rows),
  ];
}
