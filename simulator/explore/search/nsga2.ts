import { exactPow } from '../../serving/index.ts';
import { crowdingOf, ranksOf } from './ranking.ts';
import { randomDesigns, sobolDesigns } from './sampling.ts';
import { type Choices, type DesignSearch, type SearchAxis, type SearchResult, Seen } from './space.ts';

/** The probability of a crossover, and the distribution indices of crossover and mutation, as in the paper below. */
const crossoverProbability = 0.9;
const crossoverIndex = 15;
const mutationIndex = 20;

/** Attempts to find a new child before a random design takes its place. Our assumption. */
const mostAttempts = 20;

interface Member {
  readonly choices: Choices;
  readonly result: SearchResult;
  rank: number;
  crowding: number;
}

/**
 * NSGA-II (K. Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 6(2), 2002) on the values of axes. Crossover and
 * mutation of an ordered axis are the paper's, on the place of the value; other axes take the value of one parent, or a random one. Designs are
 * never tried twice, because a simulation gives the same result again. The first generation is a Sobol sample.
 */
export class Nsga2 implements DesignSearch {
  private readonly axes: readonly SearchAxis[];
  private readonly seen: Seen;
  private readonly populationSize: number;
  private population: Member[] = [];
  private proposed: readonly Choices[] = [];
  private left: number;

  constructor(axes: readonly SearchAxis[], budget: number, seed: number) {
    this.axes = axes;
    this.seen = new Seen(axes, seed);
    this.left = budget;
    this.populationSize = populationSizeOf(budget);
  }

  propose(): readonly Choices[] {
    const count = Math.min(this.left, this.populationSize);
    this.proposed = this.population.length === 0 ? sobolDesigns(this.seen, this.axes, count) : this.children(count);
    this.left -= this.proposed.length;
    return this.proposed;
  }

  learn(results: readonly SearchResult[]): void {
    const members = [...this.population];
    for (const [at, choices] of this.proposed.entries()) {
      const result = results[at];
      if (result !== undefined) members.push({ choices, result, rank: 0, crowding: 0 });
    }
    const ranks = ranksOf(members.map(({ result }) => result));
    const crowding = crowdingOf(
      members.map(({ result }) => result.costs),
      ranks,
    );
    for (const [at, member] of members.entries()) {
      member.rank = ranks[at] ?? 0;
      member.crowding = crowding[at] ?? 0;
    }
    this.population = members.sort((a, b) => a.rank - b.rank || b.crowding - a.crowding).slice(0, this.populationSize);
  }

  private children(count: number): readonly Choices[] {
    const children: Choices[] = [];
    while (children.length < count && !this.seen.isFull) {
      const child = this.newChild();
      children.push(...(child === undefined ? randomDesigns(this.seen, 1) : [child]));
    }
    return children;
  }

  private newChild(): Choices | undefined {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const child = this.childOf(this.parent().choices, this.parent().choices);
      if (this.seen.add(child)) return child;
    }
    return undefined;
  }

  /** The better one of two random members. */
  private parent(): Member {
    const pick = (): Member => {
      const at = Math.floor(this.seen.random.uniform() * this.population.length);
      return this.population[at] as Member;
    };
    const [one, other] = [pick(), pick()];
    if (one.rank !== other.rank) return one.rank < other.rank ? one : other;
    return one.crowding >= other.crowding ? one : other;
  }

  private childOf(first: Choices, second: Choices): Choices {
    const { random } = this.seen;
    const isCrossed = random.uniform() < crossoverProbability;
    const mutates = 1 / this.axes.length;
    return this.axes.map(({ size, isOrdered }, axis) => {
      const [a, b] = [first[axis] ?? 0, second[axis] ?? 0];
      let value = a;
      if (isCrossed && random.uniform() < 0.5) value = isOrdered ? this.crossed(a, b) : random.uniform() < 0.5 ? a : b;
      if (random.uniform() >= mutates) return clamped(value, size);
      return isOrdered ? clamped(this.mutated(value, size), size) : Math.floor(random.uniform() * size);
    });
  }

  /** One child of a simulated binary crossover. */
  private crossed(a: number, b: number): number {
    const u = this.seen.random.uniform();
    const spread =
      u <= 0.5 ? exactPow(2 * u, 1 / (crossoverIndex + 1)) : exactPow(1 / (2 * (1 - u)), 1 / (crossoverIndex + 1));
    const sign = this.seen.random.uniform() < 0.5 ? 1 : -1;
    return (a + b) / 2 + (sign * spread * Math.abs(b - a)) / 2;
  }

  /** A polynomial mutation. On an axis of few values it moves by at least one place. */
  private mutated(value: number, size: number): number {
    const u = this.seen.random.uniform();
    const power = 1 / (mutationIndex + 1);
    const step = u < 0.5 ? exactPow(2 * u, power) - 1 : 1 - exactPow(2 * (1 - u), power);
    const places = step * (size - 1);
    return Math.abs(places) < 1 ? value + (step < 0 ? -1 : 1) : value + places;
  }
}

function clamped(value: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.round(value)));
}

/** About 20 generations, and at least 12 members. Our assumption: between those, the size has little effect. */
function populationSizeOf(budget: number): number {
  return Math.max(Math.min(12, budget), Math.min(100, Math.round(budget / 20)));
}
