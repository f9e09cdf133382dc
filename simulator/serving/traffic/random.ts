import { exactExp, exactLog } from '../exact-math.ts';

/**
 * The sfc32 generator (Chris Doty-Humphrey, PractRand). It has 128 bits of state, passes PractRand beyond 32 TB, and needs
 * about twelve 32-bit operations for each number. Each source has its own stream, seeded with (seed, stream). So the
 * numbers of one source do not depend on how many numbers another source draws.
 */
export class RandomStream {
  private readonly state = new Int32Array(4);

  constructor(seed: number, stream: number) {
    // A seed is any finite number. Both 32-bit halves of its integer part are used.
    const low = seed >>> 0;
    const high = Math.floor(seed / 4294967296) >>> 0;
    this.state[0] = low;
    this.state[1] = high ^ 0x9e3779b9;
    this.state[2] = Math.imul(stream + 1, 0x85ebca6b);
    this.state[3] = 1;
    // Twenty rounds mix the seed into the whole state. PractRand itself uses 12 to 15 rounds.
    for (let i = 0; i < 20; i++) this.next();
  }

  /** Uniform over the 32-bit unsigned integers. */
  next(): number {
    const state = this.state;
    const a = state[0] as number;
    const b = state[1] as number;
    const c = state[2] as number;
    const counter = state[3] as number;
    const result = (((a + b) | 0) + counter) | 0;
    state[3] = (counter + 1) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in [0, 1), all 53 bits. */
  uniform(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /**
   * Exponential with mean 1, by the ziggurat method (Marsaglia and Tsang, Journal of Statistical Software 5(8), 2000). The
   * layer and the place in the layer come from separate bits.
   */
  exponential(): number {
    for (;;) {
      const first = this.next();
      const layer = first & 255;
      const place = (first >>> 11) * 4294967296 + this.next();
      const x = place * (widths[layer] as number);
      if (place < (insides[layer] as number)) return x;
      if (layer === 0) {
        // Beyond the last layer, the exponential distribution repeats itself, shifted by TAIL (it is memoryless).
        return TAIL - exactLog(1 - this.uniform());
      }
      const lower = heights[layer] as number;
      const upper = layer === 255 ? 1 : (heights[layer + 1] as number);
      if (lower + this.uniform() * (upper - lower) < exactExp(-x)) return x;
    }
  }
}

/** The start of the tail, and the area of each of the 256 layers (Marsaglia and Tsang, section 3). */
const TAIL = 7.69711747013105;
const AREA = 0.003949659822581557;
const SCALE = 9007199254740992;

const widths = new Float64Array(256);
const insides = new Float64Array(256);
const heights = new Float64Array(256);

/*
 * Layer i covers x in [0, edge[i]]. The edges decrease from the base layer (i = 0) to 0. The base layer includes the tail,
 * and its width follows from its area. heights[i] is e^-edge[i]. A place left of the edge of the next layer is accepted
 * without another test.
 */
function buildTables(): void {
  let edge = TAIL;
  widths[0] = AREA / exactExp(-TAIL) / SCALE;
  insides[0] = Math.floor((TAIL * exactExp(-TAIL) * SCALE) / AREA);
  heights[0] = exactExp(-TAIL);
  for (let layer = 1; layer < 256; layer++) {
    widths[layer] = edge / SCALE;
    const next = layer === 255 ? 0 : -exactLog(exactExp(-edge) + AREA / edge);
    insides[layer] = Math.floor((next / edge) * SCALE);
    heights[layer] = exactExp(-edge);
    edge = next;
  }
}
buildTables();
