/** Number formats that arrays can multiply and memories can store. To add a format, add its name here and its row below. */
export type Precision =
  | 'fp32'
  | 'bf16'
  | 'fp16'
  | 'int16'
  | 'fp8'
  | 'fp8-e5m2'
  | 'int8'
  | 'fp4'
  | 'int4'
  | 'mxfp8'
  | 'mxfp6'
  | 'mxfp4';

/** A number that many elements share: the scale of a block, with its zero point if it has one. */
export interface ScaleBlock {
  /** Consecutive elements of the reduction that share one scale. */
  readonly elements: number;
  /** Bits of the scale and the zero point of one block. */
  readonly bits: number;
}

interface NumberFormat {
  /** Bits of one element, without its share of a scale. */
  readonly elementBits: number;
  /** Only if the format itself defines its scales. Scales of other formats are a choice of the network, such as groups of 128. */
  readonly scale?: ScaleBlock;
  /** One sentence for hovers and the reference. */
  readonly documentation: string;
  /** Other names of the format. */
  readonly otherNames?: readonly string[];
}

// The blocks of the MX formats: OCP Microscaling Formats (MX) Specification v1.0, 2023, table 1: 32 elements share one 8-bit exponent (E8M0).
const mx: ScaleBlock = { elements: 32, bits: 8 };

// fp8: OCP 8-bit Floating Point Specification v1.0, 2023 (Micikevicius et al., arXiv 2209.05433). fp4 is the element of mxfp4.
export const numberFormats: Readonly<Record<Precision, NumberFormat>> = {
  bf16: { elementBits: 16, documentation: 'BFloat16: 8 exponent bits, 7 fraction bits, 2 bytes.' },
  fp16: { elementBits: 16, documentation: 'IEEE half precision, 2 bytes.' },
  fp32: { elementBits: 32, documentation: 'IEEE single precision, 4 bytes.' },
  int16: { elementBits: 16, documentation: 'Scaled 16-bit integers, 2 bytes.' },
  fp8: {
    elementBits: 8,
    documentation:
      '8-bit floating point E4M3: 4 exponent bits, 3 fraction bits, 1 byte. The usual choice for weights and activations.',
    otherNames: ['e4m3', 'fp8-e4m3', 'fp8_e4m3'],
  },
  'fp8-e5m2': {
    elementBits: 8,
    documentation:
      '8-bit floating point E5M2: 5 exponent bits, 2 fraction bits, 1 byte. More range than `fp8`, less precision.',
    otherNames: ['e5m2', 'fp8_e5m2'],
  },
  int8: { elementBits: 8, documentation: 'Scaled 8-bit integers, 1 byte.' },
  fp4: {
    elementBits: 4,
    documentation: '4-bit floating point E2M1: 2 exponent bits, 1 fraction bit, half a byte.',
    otherNames: ['e2m1'],
  },
  int4: { elementBits: 4, documentation: 'Scaled 4-bit integers, half a byte.' },
  mxfp8: {
    elementBits: 8,
    scale: mx,
    documentation: 'MX blocks of 8-bit floating point: 32 elements share an 8-bit scale, 8.25 bits for each element.',
  },
  mxfp6: {
    elementBits: 6,
    scale: mx,
    documentation: 'MX blocks of 6-bit floating point: 32 elements share an 8-bit scale, 6.25 bits for each element.',
  },
  mxfp4: {
    elementBits: 4,
    scale: mx,
    documentation: 'MX blocks of 4-bit floating point: 32 elements share an 8-bit scale, 4.25 bits for each element.',
  },
};

export const precisions = Object.keys(numberFormats) as readonly Precision[];

/** A format as a memory stores it. */
export interface StoredFormat {
  readonly format: Precision;
  /** Absent if the scales need no bytes that count: one for each tensor or channel. */
  readonly scale?: ScaleBlock;
}

/** The plain format, with the scales that it defines itself. */
export function storedAs(format: Precision): StoredFormat {
  const { scale } = numberFormats[format];
  return scale === undefined ? { format } : { format, scale };
}

/** Bytes of one element with its share of a scale, if all blocks are full. */
export function bytesPerElement({ format, scale }: StoredFormat): number {
  return (numberFormats[format].elementBits + (scale === undefined ? 0 : scale.bits / scale.elements)) / 8;
}

export function isSameFormat(one: StoredFormat, other: StoredFormat): boolean {
  return (
    one.format === other.format &&
    one.scale?.elements === other.scale?.elements &&
    one.scale?.bits === other.scale?.bits
  );
}

/** "int4 in groups of 128", or "bf16". */
export function formatText({ format, scale }: StoredFormat): string {
  return scale === undefined || numberFormats[format].scale !== undefined
    ? format
    : `${format} in groups of ${scale.elements}`;
}
