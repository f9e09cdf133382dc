import { explorationLimits } from '../design/index.ts';

/**
 * The limits of one program: a file and all its imports. For any text, they keep a check within a few seconds and the memory of a run under
 * 1 GB. They are our assumptions: each is at least ten times what the library and the examples need, unless a comment states otherwise.
 * `docs/limits.md` lists them for users; a test compares both.
 */
export const limits = {
  /** Characters of one file, in UTF-16 units: a design of 100,000 lines fits. */
  fileCharacters: 4 * 1024 * 1024,
  /** `.npu` files of one program, found or not. The library has about twenty. */
  programFiles: 500,
  /** Files that import one another in a chain: each is read and checked before the next one is known. */
  importDepth: 100,
  /** Networks and traces that one program reads from files of other formats. Each may take seconds. */
  programForeignFiles: 200,
  /** Characters of a name or label. */
  nameCharacters: 1_000,
  /** Layers of one network. The largest of the library has under a thousand. */
  networkLayers: 20_000,
  /** Layers of all networks together. Each takes about 500 bytes. */
  programLayers: 100_000,
  /** Depth of blocks that use other blocks. The recursion must not overflow the stack. */
  blockDepth: 100,
  /** Entries that are read while networks are unrolled. Nested blocks can multiply entries without producing layers. */
  programEntries: 500_000,
  /** Number of characters in the text of an entry that count as one more entry, because a layer can have a list of a hundred thousand inputs. */
  entryCharacters: 8,
  /** Characters of the names of all layers together. A layer's name includes the labels of the blocks around it. */
  layerNameCharacters: 16_000_000,
  /** Simulations of one program: one for each scenario, and one for each variant in `compare`. */
  programRuns: 500,
  /** Serves of one scenario. A run records the latencies of each in about 5 MB. */
  scenarioServes: 64,
  /** Objectives of one scenario, of all its serves together. A run judges each of them many times until all are decided. */
  scenarioObjectives: 1_000,
  /** Rows of a scenario's service tables: layers x batch sizes of each serve, for each chip. A row takes about 600 bytes and 5 us. */
  scenarioRows: 500_000,
  /** Rows of the service tables of all scenarios together. */
  programRows: 1_000_000,
  /** Designs of one exploration, and values of one axis. */
  explorationDesigns: explorationLimits.designs,
  /** Combinations of an exploration that states a search, and its budget. A result has a column entry for each combination. */
  explorationSpace: explorationLimits.combinations,
  /** Things that vary in one exploration: 14 things with two values each are already too many designs. */
  explorationAxes: explorationLimits.axes,
  /** Explorations of one program. */
  programExplorations: 50,
  /** Names that one check compares with misspelt names. After that, messages have no suggestions. */
  comparedNames: 200_000,
} as const;
