import {
  type Capacity,
  type CapacityLimit,
  type CapacityProbe,
  formatNumber,
  formatRate,
  type Overload,
  overloadText,
} from '../../design/index.ts';
import type { Look } from '../terminal.ts';
import { bar } from './bars.ts';
import { caveatLines, statedLines } from './caveats.ts';
import { paintFor, verdictPaint } from './paint.ts';
import { reportOf } from './safe-lines.ts';
import { renderTable } from './table.ts';
import { countText } from './value-text.ts';

const indent = 2;
const widestReport = 100;
const widestBar = 30;

/** The capacity of a scenario for people: the interval, what limits it, and the loads that were tried. Ends with a newline. */
export function renderCapacityReport(capacity: Capacity, look: Look): string {
  const paint = paintFor(look.colour);
  const { probes } = capacity;
  const most = probes.at(-1)?.offeredRps ?? 1;
  const rows = probes.map((probe) => [
    formatRate(probe.offeredRps, 4),
    `${formatNumber(probe.factor, 4)}x`,
    verdictPaint(paint, probe.verdict)(probe.verdict),
    countText(probe.requests),
    ...(look.plots ? [bar(probe.offeredRps / most, widestBar, look.unicode)] : []),
  ]);
  const table = renderTable(
    [
      { header: 'load', align: 'right' },
      { header: 'of the load as written', align: 'right', importance: 1 },
      { header: 'objectives', align: 'left' },
      { header: 'requests', align: 'right', importance: 2 },
      ...(look.plots ? [{ header: '', align: 'left', importance: 0 } as const] : []),
    ],
    rows,
    { width: Math.min(look.width, widestReport), paintHeader: paint.dim, indent },
  );
  const lines = [
    paint.bold(capacity.scenario),
    paint.dim(`  ${capacity.npu}, scheduler ${capacity.scheduler}`),
    '',
    ...sentences(capacity).map((sentence) => `  ${sentence}`),
    '',
    ...table.lines,
    ...caveatLines(capacity.caveats, Math.min(look.width, widestReport), paint),
    ...statedLines(capacity.statedInputs ?? [], Math.min(look.width, widestReport), paint),
  ];
  return reportOf(lines);
}

function load({ offeredRps, factor }: CapacityProbe): string {
  return `${formatRate(offeredRps, 4)} (${formatNumber(factor, 3)}x the load as written)`;
}

/** A note for an end of the interval whose verdict a caveat could change. */
function ifAccepted({ verdict }: CapacityProbe): string {
  return verdict === 'undecided' ? ', undecided until the caveats below are accepted' : '';
}

/** What limits the capacity: the chips cannot complete more requests, an objective is violated, or an objective stays undecided. */
function endText(limit: CapacityLimit | null, overload: Overload | undefined): string {
  if (overload !== undefined) return `: ${overloadText(overload)}`;
  if (limit === null) return '';
  const objective = `${limit.slo.text} of ${limit.serve}`;
  return limit.verdict === 'undecided' ? `: ${objective} is undecided there` : `: ${objective} breaks first`;
}

function sentences({ low, high, limit, overload, exceptions, followsChips, probes }: Capacity): string[] {
  const breaks = endText(limit, overload);
  const said: string[] = [];
  if (followsChips === true) {
    const own = `at its own throughput of ${formatRate((low ?? high ?? probes[0])?.offeredRps ?? Number.NaN, 4)}`;
    if (low !== null) return [`meets all objectives ${own}${ifAccepted(low)}`];
    return [high === null ? `is undecided ${own}${breaks}` : `violates an objective ${own}${breaks}`];
  }
  if (low === null) {
    const least = high === null ? '' : `; even ${load(high)} does not`;
    said.push(`no load was found that surely meets all objectives${least}${breaks}`);
  } else {
    said.push(`meets all objectives up to ${load(low)}${ifAccepted(low)}`);
    if (high === null) said.push('no load was found that violates one');
    else said.push(`violates one from ${load(high)} on${ifAccepted(high)}${breaks}`);
  }
  if (exceptions.length > 0) {
    const loads = exceptions.map((probe) => formatRate(probe.offeredRps, 3)).join(', ');
    said.push(`not monotone: smaller loads violate an objective as well (${loads})`);
  }
  return said;
}
