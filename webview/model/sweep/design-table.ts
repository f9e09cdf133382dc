import type { TableData } from '../table.ts';
import { verdictOf } from './designs.ts';
import type { ExploreShown } from './explore-view.ts';

/** Designs as rows: axis values as written, goal values in SI units, and verdicts. */
export function designTable(shown: ExploreShown, designs: ArrayLike<number>, title: string): TableData {
  const { result, dimensions, exploration } = shown;
  return {
    caption: `${title} of ${exploration.name}, on ${exploration.scenario}`,
    columns: [
      { title: 'Design', key: 'design' },
      ...dimensions.map((dimension) =>
        dimension.kind === 'axis'
          ? { title: dimension.title, key: dimension.exportKey }
          : { title: dimension.title, key: dimension.exportKey, format: dimension.text },
      ),
      { title: 'verdict', key: 'verdict' },
      { title: 'front', key: 'front' },
      { title: 'as written', key: 'asWritten' },
    ],
    rows: Array.from(designs, (design) => [
      design + 1,
      ...dimensions.map((dimension) => {
        const value = dimension.value(result, design);
        return dimension.kind === 'axis' ? (exploration.axes[dimension.index]?.values[value]?.text ?? '') : value;
      }),
      verdictOf(result, design),
      result.front[design] === 1 ? 'yes' : 'no',
      design === result.asWritten ? 'yes' : 'no',
    ]),
  };
}
