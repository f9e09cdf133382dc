export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const one = (passed: boolean): Count => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
