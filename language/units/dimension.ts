/**
 * The dimension of a quantity, as exponents of nine bases: time (s), bytes, requests, elements, operations, cycles, energy (J),
 * area (m2), tokens.
 * A plain number, such as a count or a ratio, has only zeros.
 */
export type Dimension = readonly [number, number, number, number, number, number, number, number, number];

export const plain: Dimension = [0, 0, 0, 0, 0, 0, 0, 0, 0];

/** The dimensions that have a name. */
export const dimensions = {
  number: plain,
  ratio: plain,
  time: [1, 0, 0, 0, 0, 0, 0, 0, 0],
  frequency: [-1, 0, 0, 0, 0, 0, 0, 0, 0],
  bytes: [0, 1, 0, 0, 0, 0, 0, 0, 0],
  bandwidth: [-1, 1, 0, 0, 0, 0, 0, 0, 0],
  bytesPerCycle: [0, 1, 0, 0, 0, -1, 0, 0, 0],
  requests: [0, 0, 1, 0, 0, 0, 0, 0, 0],
  rate: [-1, 0, 1, 0, 0, 0, 0, 0, 0],
  elements: [0, 0, 0, 1, 0, 0, 0, 0, 0],
  elementsPerCycle: [0, 0, 0, 1, 0, -1, 0, 0, 0],
  operations: [0, 0, 0, 0, 1, 0, 0, 0, 0],
  operationsPerCycle: [0, 0, 0, 0, 1, -1, 0, 0, 0],
  cycles: [0, 0, 0, 0, 0, 1, 0, 0, 0],
  energy: [0, 0, 0, 0, 0, 0, 1, 0, 0],
  energyPerByte: [0, -1, 0, 0, 0, 0, 1, 0, 0],
  power: [-1, 0, 0, 0, 0, 0, 1, 0, 0],
  area: [0, 0, 0, 0, 0, 0, 0, 1, 0],
  areaPerByte: [0, -1, 0, 0, 0, 0, 0, 1, 0],
  powerPerArea: [-1, 0, 0, 0, 0, 0, 1, -1, 0],
  tokens: [0, 0, 0, 0, 0, 0, 0, 0, 1],
  tokenRate: [-1, 0, 0, 0, 0, 0, 0, 0, 1],
} as const satisfies Record<string, Dimension>;

export type DimensionName = keyof typeof dimensions;

/** The words for a dimension in messages: a phrase with its article, and an example of a valid quantity. */
export const dimensionWords: Readonly<Record<DimensionName, { readonly phrase: string; readonly example: string }>> = {
  number: { phrase: 'a number', example: '8' },
  ratio: { phrase: 'a ratio', example: '5 %' },
  time: { phrase: 'a time', example: '15 ms' },
  frequency: { phrase: 'a frequency', example: '1.05 GHz' },
  bytes: { phrase: 'an amount of memory', example: '128 MiB' },
  bandwidth: { phrase: 'a bandwidth', example: '614 GB/s' },
  bytesPerCycle: { phrase: 'a bandwidth in bytes per cycle', example: '512 B/cycle' },
  requests: { phrase: 'a number of requests', example: '100000 requests' },
  rate: { phrase: 'a request rate', example: '2400 rps' },
  elements: { phrase: 'a number of elements', example: '128 elements' },
  elementsPerCycle: { phrase: 'a rate in elements per cycle', example: '128 elements/cycle' },
  operations: { phrase: 'a number of operations', example: '2048 operations' },
  operationsPerCycle: { phrase: 'a rate in operations per cycle', example: '2048 operations/cycle' },
  cycles: { phrase: 'a number of cycles', example: '100 cycles' },
  energy: { phrase: 'an energy', example: '0.6 pJ' },
  energyPerByte: { phrase: 'an energy per byte', example: '1.75 pJ/B' },
  power: { phrase: 'a power', example: '175 W' },
  area: { phrase: 'an area', example: '400 mm2' },
  areaPerByte: { phrase: 'an area per byte', example: '0.9 mm2/MiB' },
  powerPerArea: { phrase: 'a power per area', example: '0.1 W/mm2' },
  tokens: { phrase: 'a number of tokens', example: '16 tokens' },
  tokenRate: { phrase: 'a number of tokens per second', example: '5000 tokens/s' },
};

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.every((exponent, index) => exponent === b[index]);
}

export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  return combine(a, b, 1);
}

export function divideDimensions(a: Dimension, b: Dimension): Dimension {
  return combine(a, b, -1);
}

function combine(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  return [
    a[0] + sign * b[0],
    a[1] + sign * b[1],
    a[2] + sign * b[2],
    a[3] + sign * b[3],
    a[4] + sign * b[4],
    a[5] + sign * b[5],
    a[6] + sign * b[6],
    a[7] + sign * b[7],
    a[8] + sign * b[8],
  ];
}

const baseWords = ['s', 'B', 'request', 'element', 'operation', 'cycle', 'J', 'm2', 'token'] as const;

/** "a time", or the bases of a dimension without a name: "a quantity in B·s". */
export function describeDimension(dimension: Dimension): string {
  for (const [name, known] of Object.entries(dimensions)) {
    if (sameDimension(known, dimension)) return dimensionWords[name as DimensionName].phrase;
  }
  const over = baseWords.filter((_, i) => (dimension[i] ?? 0) > 0);
  const under = baseWords.filter((_, i) => (dimension[i] ?? 0) < 0);
  return `a quantity in ${over.join('·') || '1'}${under.length > 0 ? `/${under.join('/')}` : ''}`;
}
