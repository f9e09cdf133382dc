import {
  type Activity,
  activities,
  type ChipArea,
  chipAreaText,
  chipNames,
  formatArea,
  formatPercent,
  formatQuantity,
  type RunResult,
} from '../../../design/index.ts';
import { resample, sparkline, stackedCells } from '../bars.ts';
import type { Paint } from '../paint.ts';
import { countText } from '../value-text.ts';
import { rising, stretched } from './slots.ts';
import { indent, indented, joined, type Style } from './style.ts';

/** A character for each activity, in addition to its colour. */
const activityGlyphs: Readonly<Record<Activity, { readonly unicode: string; readonly ascii: string }>> = {
  base: { unicode: '█', ascii: 'B' },
  burst: { unicode: '▓', ascii: '#' },
  switching: { unicode: '╳', ascii: 'x' },
  quantizing: { unicode: '▒', ascii: 'q' },
  idle: { unicode: '·', ascii: '.' },
};

/** The order in the stacked bar: work first, idle last. */
const activityOrder: readonly Activity[] = ['base', 'burst', 'quantizing', 'switching', 'idle'];

const activityPaints: Readonly<Record<Activity, keyof Paint>> = {
  base: 'blue',
  burst: 'magenta',
  quantizing: 'cyan',
  switching: 'red',
  idle: 'dim',
};

/** The activities of the chips: a stacked bar and its legend for each chip. */
export function chipSection(run: RunResult, style: Style): string[] {
  const { timeline } = run;
  const { total } = timeline.switches;
  const several = timeline.chips > 1;
  const names = alignedNames(run);
  const facts = [
    `${countText(total)} mode ${total === 1 ? 'switch' : 'switches'}`,
    ...(run.averageWatts === null ? [] : [`${formatQuantity(run.averageWatts, 'W')} on average`]),
  ];
  return [
    style.paint.bold(several ? 'Chips' : 'Chip'),
    ...joined(facts, style, ', '),
    ...(run.area === undefined ? [] : joined(areaFacts(run.area), style, ', ')),
    ...(run.kinds ?? []).flatMap(({ npu, area }) =>
      area === undefined ? [] : joined([npu, ...areaFacts(area)], style, ', '),
    ),
    ...timeline.totals.flatMap((totals, chip) => chipLines(totals, several ? `${names[chip] ?? ''}  ` : '', style)),
    ...(style.look.plots ? [...burstOverTime(run, style), ...powerOverTime(run, style)] : []),
  ];
}

/** The names of the chips, equally wide. */
function alignedNames(run: RunResult): readonly string[] {
  const names = chipNames(run);
  const width = Math.max(...names.map((name) => name.length));
  return run.kinds === undefined ? names : names.map((name) => name.padEnd(width));
}

/** The area of one chip, then its parts, the largest first. */
function areaFacts(area: ChipArea): readonly string[] {
  const known = area.parts.flatMap(({ name, squareMetres }) => (squareMetres === null ? [] : [{ name, squareMetres }]));
  const missing = area.parts.filter(({ squareMetres }) => squareMetres === null).map(({ name }) => name);
  return [
    `chip area ${chipAreaText(area)}`,
    ...known
      .sort((a, b) => b.squareMetres - a.squareMetres)
      .map(({ name, squareMetres }) => `${name} ${formatArea(squareMetres)}`),
    ...missing.map((name) => `${name}: no figure`),
  ];
}

type Totals = Readonly<Record<Activity, number>>;

function chipLines(totals: Totals, name: string, style: Style): string[] {
  const { look } = style;
  const whole = activityOrder.reduce((sum, activity) => sum + totals[activity], 0);
  const shares = activityOrder
    .filter((activity) => totals[activity] > 0)
    .map((activity) => {
      const sign = look.plots ? `${drawn(activity, 1, style)} ` : '';
      return `${sign}${activity} ${formatPercent(totals[activity] / whole)}`;
    });
  if (!look.plots)
    return joined(
      [name.trim(), ...shares].filter((part) => part !== ''),
      style,
      '  ',
    );
  return [indented(name + stackedBar(totals, name.length, style)), ...joined(shares, style, '  ')];
}

function stackedBar(totals: Totals, nameWidth: number, style: Style): string {
  const cells = stackedCells(
    activityOrder.map((activity) => totals[activity]),
    Math.max(20, Math.min(60, style.width - indent - nameWidth)),
  );
  return activityOrder.map((activity, i) => drawn(activity, cells[i] ?? 0, style)).join('');
}

function drawn(activity: Activity, cells: number, { paint, look }: Style): string {
  const glyph = activityGlyphs[activity][look.unicode ? 'unicode' : 'ascii'];
  return paint[activityPaints[activity]](glyph.repeat(cells));
}

/** The share of burst computation of all chips over the run. Empty if there was none. */
function burstOverTime(run: RunResult, style: Style): string[] {
  const { paint, look } = style;
  const { overview, chips, totals } = run.timeline;
  if (totals.every((each) => each.burst + each.quantizing === 0)) return [];
  const cells = Math.max(10, Math.min(60, style.width - indent - 8));
  const share = (bucket: number, activity: Activity): number => {
    let sum = 0;
    for (let chip = 0; chip < chips; chip++) {
      const cell = (chip * overview.buckets + bucket) * activities.length + activities.indexOf(activity);
      sum += overview.shares[cell] ?? 0;
    }
    return sum / chips;
  };
  const values = Array.from(
    { length: overview.buckets },
    (_, bucket) => share(bucket, 'burst') + share(bucket, 'quantizing'),
  );
  const line = sparkline(resample(values, cells, 'mean'), 1, look.unicode);
  return [
    indented(paint.magenta(line)),
    ...joined(['burst share over the run,', 'full height is 100 %'], style, ' ').map(paint.dim),
  ];
}

/** The power of all chips over the run, from its minimum to its maximum. Empty if it is constant. */
function powerOverTime({ wattsOverTime, seconds }: RunResult, style: Style): string[] {
  if (wattsOverTime === undefined) return [];
  const { paint } = style;
  const cells = Math.max(10, Math.min(60, style.width - indent - 8));
  const drawn = rising(stretched(wattsOverTime, seconds, cells), (watts) => formatQuantity(watts, 'W'), style);
  if (drawn === undefined) return [];
  return [indented(paint.cyan(drawn.line)), ...joined(['power over the run,', drawn.range], style, ' ').map(paint.dim)];
}
