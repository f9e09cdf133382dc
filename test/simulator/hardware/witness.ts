/**
 * An independent witness of the array's timing: processing elements with registers, stepped cycle by cycle, that multiply real
 * matrices. It shares no code and no formula with the model. Nothing here computes a number of cycles: data are injected at the
 * edges as soon as the machine's rules allow, and the cycles are counted.
 *
 * All links between elements are registers: the output of an element in one cycle is the input of its neighbour in the next.
 */
export type Matrix = readonly (readonly number[])[];

export interface WitnessArray {
  readonly rows: number;
  readonly columns: number;
  readonly dataflow: 'weight-stationary' | 'output-stationary' | 'input-stationary';
  readonly preload: 'exposed' | 'hidden';
  /** Two multipliers in each element: on neighbours of the reduction, or on two columns; or one. */
  readonly packing: 'none' | 'reduction' | 'columns';
}

export interface WitnessRun {
  readonly product: Matrix;
  readonly cycles: number;
}

/** Left (M x K) times right (K x N). */
export function multiplyOnArray(left: Matrix, right: Matrix, array: WitnessArray): WitnessRun {
  switch (array.dataflow) {
    case 'weight-stationary':
      return runStationary(left, right, array);
    case 'input-stationary': {
      // The inputs stay, the weights stream: the same machine on the transposed product.
      const run = runStationary(transpose(right), transpose(left), array);
      return { product: transpose(run.product), cycles: run.cycles };
    }
    case 'output-stationary':
      return runOutputStationary(left, right, array, array.rows);
  }
}

/** The value that moves right through a row: one or two operands of one vector of one fold. */
interface Token {
  readonly fold: number;
  readonly vector: number;
  readonly values: readonly number[];
  /** The first vector of a fold makes each element use the weights that were loaded for it. */
  readonly swap: boolean;
}

interface StationaryElement {
  active: readonly number[];
  shadow: readonly number[];
  right: Token | null;
  down: readonly number[];
  loadDown: readonly number[] | null;
}

/** Stationary K x S matrix, T x K vectors stream past it: T x S. */
function runStationary(stream: Matrix, stationary: Matrix, array: WitnessArray): WitnessRun {
  const { rows, columns } = array;
  const lanesDown = array.packing === 'reduction' ? 2 : 1;
  const lanesAcross = array.packing === 'columns' ? 2 : 1;
  const reduction = stationary.length;
  const width = stationary[0]?.length ?? 0;
  const vectors = stream.length;
  const foldRows = rows * lanesDown;
  const foldColumns = columns * lanesAcross;
  const folds: { k: number; s: number }[] = [];
  for (let s = 0; s < width; s += foldColumns) for (let k = 0; k < reduction; k += foldRows) folds.push({ k, s });

  const zeros = new Array<number>(lanesAcross).fill(0);
  const grid = Array.from({ length: rows }, () =>
    Array.from(
      { length: columns },
      (): StationaryElement => ({ active: [], shadow: [], right: null, down: zeros, loadDown: null }),
    ),
  );
  const product = Array.from({ length: vectors }, () => new Array<number>(width).fill(0));
  // Skew: row r reads the value that was injected r cycles ago, and column c loads the weights that were injected c cycles ago.
  const injectedVectors: (Token | null)[] = [];
  const injectedLoads: ({ fold: number; row: number } | null)[] = [];

  let streamFold = 0;
  let streamVector = 0;
  let loadFold = 0;
  let loadedRows = 0;
  let left = folds.length * vectors * columns;
  let cycle = 0;
  let inFlight = 0;
  for (; left > 0; cycle++) {
    // The array's sequencer. A fold's rows are loaded bottom row first, one a cycle.
    const ready = loadFold > streamFold || (loadFold === streamFold && loadedRows === rows);
    let token: Token | null = null;
    if (streamFold < folds.length && ready) {
      token = {
        fold: streamFold,
        vector: streamVector,
        swap: streamVector === 0,
        values: [],
      };
      if (streamVector === 0) {
        loadFold = streamFold + 1;
        loadedRows = 0;
        inFlight += vectors * columns;
      }
      streamVector++;
      if (streamVector === vectors) {
        streamVector = 0;
        streamFold++;
      }
    }
    injectedVectors.push(token);
    const mayLoad = array.preload === 'hidden' || inFlight === 0;
    if (loadFold < folds.length && loadedRows < rows && mayLoad) {
      injectedLoads.push({ fold: loadFold, row: rows - 1 - loadedRows });
      loadedRows++;
    } else injectedLoads.push(null);

    // Bottom right first: every element still reads its neighbours' outputs of the cycle before.
    for (let r = rows - 1; r >= 0; r--) {
      for (let c = columns - 1; c >= 0; c--) {
        const element = grid[r]?.[c];
        if (element === undefined) continue;
        const above = grid[r - 1]?.[c];
        let incoming = c > 0 ? (grid[r]?.[c - 1]?.right ?? null) : null;
        if (c === 0) {
          const injected = injectedVectors[cycle - r] ?? null;
          if (injected !== null) {
            const at = folds[injected.fold];
            const values: number[] = [];
            for (let lane = 0; lane < lanesDown; lane++)
              values.push(stream[injected.vector]?.[(at?.k ?? 0) + r * lanesDown + lane] ?? 0);
            incoming = { ...injected, values };
          }
        }
        const loadIn = r > 0 ? (above?.loadDown ?? null) : loadAt(injectedLoads[cycle - c] ?? null, c);
        if (incoming?.swap) element.active = element.shadow;
        if (loadIn !== null) {
          element.loadDown = element.shadow;
          element.shadow = loadIn;
        } else element.loadDown = null;
        const sums = r > 0 ? (above?.down ?? zeros) : zeros;
        element.right = incoming;
        if (incoming === null) element.down = zeros;
        else {
          const next: number[] = [];
          for (let across = 0; across < lanesAcross; across++) {
            let sum = sums[across] ?? 0;
            for (let lane = 0; lane < lanesDown; lane++)
              sum += (incoming.values[lane] ?? 0) * (element.active[across * lanesDown + lane] ?? 0);
            next.push(sum);
          }
          element.down = next;
          if (r === rows - 1) {
            left--;
            inFlight--;
            const at = folds[incoming.fold];
            for (let across = 0; across < lanesAcross; across++) {
              const column = (at?.s ?? 0) + across * columns + c;
              const line = product[incoming.vector];
              // A short last fold leaves columns without work; results of padding are dropped at the edge.
              if (line !== undefined && column < width) line[column] = (line[column] ?? 0) + (next[across] ?? 0);
            }
          }
        }
      }
    }
  }
  return { product, cycles: cycle };

  function loadAt(load: { fold: number; row: number } | null, column: number): readonly number[] | null {
    if (load === null) return null;
    const at = folds[load.fold];
    const values: number[] = [];
    for (let across = 0; across < lanesAcross; across++)
      for (let lane = 0; lane < lanesDown; lane++)
        values.push(
          stationary[(at?.k ?? 0) + load.row * lanesDown + lane]?.[(at?.s ?? 0) + across * columns + column] ?? 0,
        );
    return values;
  }
}

interface OutputElement {
  accumulators: number[];
  /** A finished result that moves down, with its row and its fold. */
  leaving: { readonly row: number; readonly fold: number; readonly values: readonly number[] } | null;
  downLeaving: { readonly row: number; readonly fold: number; readonly values: readonly number[] } | null;
  fold: number;
  right: Token | null;
  down: Token | null;
}

/**
 * Both operands stream, and results stay. With hidden preload, a finished result moves into a second register and then down its column
 * while the next fold accumulates. `gap` is the smallest number of cycles between two folds. The machine throws if it is too small, so that two
 * results need one register. With exposed timing, and in the last fold, results are read in their elements, as in SCALE-Sim.
 */
export function runOutputStationary(left: Matrix, right: Matrix, array: WitnessArray, gap: number): WitnessRun {
  const { rows, columns } = array;
  const lanesDown = array.packing === 'reduction' ? 2 : 1;
  const lanesAcross = array.packing === 'columns' ? 2 : 1;
  const height = left.length;
  const width = right[0]?.length ?? 0;
  const steps = Math.ceil(right.length / lanesDown);
  const folds: { m: number; n: number }[] = [];
  for (let n = 0; n < width; n += columns * lanesAcross) for (let m = 0; m < height; m += rows) folds.push({ m, n });

  const grid = Array.from({ length: rows }, () =>
    Array.from(
      { length: columns },
      (): OutputElement => ({
        accumulators: new Array<number>(lanesAcross).fill(0),
        leaving: null,
        downLeaving: null,
        fold: -1,
        right: null,
        down: null,
      }),
    ),
  );
  const product = Array.from({ length: height }, () => new Array<number>(width).fill(0));
  const injected: (Token | null)[] = [];
  let fold = 0;
  let step = 0;
  let since = Number.POSITIVE_INFINITY;
  let inFlight = 0;
  let left_ = folds.length * steps * rows * columns;
  let cycle = 0;
  for (; left_ > 0; cycle++) {
    let token: Token | null = null;
    const mayStart = array.preload === 'hidden' ? since >= gap : inFlight === 0;
    if (fold < folds.length && (step > 0 || mayStart)) {
      token = { fold, vector: step, swap: step === 0, values: [] };
      if (step === 0) {
        if (array.preload === 'exposed') collectAll();
        since = 0;
        inFlight += steps * rows * columns;
      }
      step++;
      if (step === steps) {
        step = 0;
        fold++;
      }
    }
    since++;
    injected.push(token);
    for (let r = rows - 1; r >= 0; r--) {
      for (let c = columns - 1; c >= 0; c--) {
        const element = grid[r]?.[c];
        if (element === undefined) continue;
        const above = grid[r - 1]?.[c];
        const fromLeft = c > 0 ? (grid[r]?.[c - 1]?.right ?? null) : operand(injected[cycle - r] ?? null, r, 'left');
        const fromAbove = r > 0 ? (above?.down ?? null) : operand(injected[cycle - c] ?? null, c, 'right');
        // Results move down by one register a cycle.
        element.downLeaving = element.leaving;
        element.leaving = above?.downLeaving ?? null;
        if (r === rows - 1 && element.downLeaving !== null) {
          deliver(element.downLeaving.row, c, element.downLeaving.fold, element.downLeaving.values);
        }
        element.right = fromLeft;
        element.down = fromAbove;
        if (fromLeft === null || fromAbove === null) continue;
        if (fromLeft.fold !== fromAbove.fold || fromLeft.vector !== fromAbove.vector)
          throw new Error(`operands of different steps meet at (${r}, ${c}) in cycle ${cycle}`);
        if (fromLeft.swap) {
          if (element.fold >= 0 && array.preload === 'hidden') {
            if (element.leaving !== null) throw new Error(`two results meet at (${r}, ${c}) in cycle ${cycle}`);
            element.leaving = { row: r, fold: element.fold, values: element.accumulators };
          }
          element.accumulators = new Array<number>(lanesAcross).fill(0);
          element.fold = fromLeft.fold;
        }
        for (let across = 0; across < lanesAcross; across++)
          for (let lane = 0; lane < lanesDown; lane++)
            element.accumulators[across] =
              (element.accumulators[across] ?? 0) +
              (fromLeft.values[lane] ?? 0) * (fromAbove.values[across * lanesDown + lane] ?? 0);
        left_--;
        inFlight--;
      }
    }
  }
  // Results that were still on their way when the last product was done, and those of the last fold.
  for (let more = 0; more < 2 * rows; more++) {
    for (let r = rows - 1; r >= 0; r--) {
      for (let c = 0; c < columns; c++) {
        const element = grid[r]?.[c];
        if (element === undefined) continue;
        element.downLeaving = element.leaving;
        element.leaving = grid[r - 1]?.[c]?.downLeaving ?? null;
        if (r === rows - 1 && element.downLeaving !== null)
          deliver(element.downLeaving.row, c, element.downLeaving.fold, element.downLeaving.values);
      }
    }
  }
  collectAll();
  return { product, cycles: cycle };

  function operand(token: Token | null, position: number, side: 'left' | 'right'): Token | null {
    if (token === null) return null;
    const at = folds[token.fold];
    const values: number[] = [];
    if (side === 'left') {
      for (let lane = 0; lane < lanesDown; lane++)
        values.push(left[(at?.m ?? 0) + position]?.[token.vector * lanesDown + lane] ?? 0);
    } else {
      for (let across = 0; across < lanesAcross; across++)
        for (let lane = 0; lane < lanesDown; lane++)
          values.push(right[token.vector * lanesDown + lane]?.[(at?.n ?? 0) + across * columns + position] ?? 0);
    }
    return { ...token, values };
  }

  function deliver(row: number, column: number, of: number, values: readonly number[]): void {
    const at = folds[of];
    const line = product[(at?.m ?? 0) + row];
    for (let across = 0; across < lanesAcross; across++) {
      const n = (at?.n ?? 0) + across * columns + column;
      if (line !== undefined && n < width) line[n] = values[across] ?? 0;
    }
  }

  function collectAll(): void {
    for (const [r, line] of grid.entries())
      for (const [c, element] of line.entries())
        if (element.fold >= 0) deliver(r, c, element.fold, element.accumulators);
  }
}

export function multiply(left: Matrix, right: Matrix): Matrix {
  return left.map((row) =>
    Array.from({ length: right[0]?.length ?? 0 }, (_, n) =>
      row.reduce((sum, value, k) => sum + value * (right[k]?.[n] ?? 0), 0),
    ),
  );
}

function transpose(matrix: Matrix): Matrix {
  return Array.from({ length: matrix[0]?.length ?? 0 }, (_, n) => matrix.map((row) => row[n] ?? 0));
}
