/** The sizes of explorations. They are our assumptions: `docs/limits.md` gives the reasons. Programs and results files have the same ones. */
export const explorationLimits = {
  /** Designs of an exploration without a search, and values of one axis. The columns of a result have 16 bits for the number of a value. */
  designs: 10_000,
  /** Combinations of an exploration that states a search, and its budget. A result has a column entry for each combination. */
  combinations: 100_000,
  /** Things that vary in one exploration: 14 things with two values each are already too many designs. */
  axes: 16,
} as const;
