/** Begins to measure; the function tells what this process, its threads included, has taken since. */
export function costOf(): () => string {
  const started = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - started) / 1000;
    return `${wall.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of processor time`;
  };
}
