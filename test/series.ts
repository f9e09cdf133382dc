/** true in `npm run test:nightly`, which runs the series of random inputs and simulations at their full length. */
export const isNightly = process.env.STIMPACK_SERIES === 'nightly';

/** The length of a series: `each` in every test run, `night` in the nightly one. */
export function series(each: number, night: number): number {
  return isNightly ? night : each;
}
