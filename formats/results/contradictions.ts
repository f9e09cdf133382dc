import type { ResultPart, ResultRow } from '../../design/index.ts';

/** Two parts of one plan with different results for one design. At least one of them is wrong, and nothing shows which. */
interface Contradiction {
  /** The indices of the part and of one that contradicts it. */
  readonly part: number;
  readonly other: number;
  readonly design: number;
  /** What differs, after the number of the design: "its seed is 1 here and 2 there". */
  readonly what: string;
}

/**
 * Parts of one plan and one version that disagree about a design, each once with its first contradiction. A design always has the same result,
 * so parts that agree can be joined in any order. A disagreement goes both ways: both parts are in the list.
 */
export function contradictions(parts: readonly ResultPart[]): readonly Contradiction[] {
  const byDesign = new Map<number, { readonly part: number; readonly row: ResultRow }[]>();
  for (const [part, { rows }] of parts.entries()) {
    for (const row of rows) {
      const same = byDesign.get(row.design);
      if (same === undefined) byDesign.set(row.design, [{ part, row }]);
      else same.push({ part, row });
    }
  }
  const found = new Map<number, Contradiction>();
  for (const [design, all] of byDesign) {
    if (all.length < 2) continue;
    const contents = all.map(({ row }) => contentOf(row));
    for (const [at, { part, row }] of all.entries()) {
      const other = all[contents.findIndex((content) => content !== contents[at])];
      if (other === undefined || found.has(part)) continue;
      found.set(part, { part, other: other.part, design, what: difference(row, other.row) });
    }
  }
  return [...found.values()].sort((a, b) => a.part - b.part);
}

/** The text of a problem may name a file, and two machines may use two paths for one file. */
function contentOf({ verdict, measures, problem, details }: ResultRow): string {
  return JSON.stringify([verdict, measures, problem !== null, details]);
}

function difference(here: ResultRow, there: ResultRow): string {
  const fields = [
    ['verdict', here.verdict, there.verdict],
    ['design hash', here.details.designHash, there.details.designHash],
    ['seed', here.details.seed, there.details.seed],
  ] as const;
  const field = fields.find(([, one, other]) => one !== other);
  if (field === undefined) return 'its values are not the same';
  const [name, one, other] = field;
  return `its ${name} is ${one ?? 'missing'} here and ${other ?? 'missing'} there`;
}
