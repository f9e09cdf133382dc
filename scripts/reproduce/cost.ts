/**
 * Starts to measure. The returned function reports the time and processor time since then, including those of threads.
 */
export function costOf(): () => string {
  const started = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - started) / 1000;
    return `${wall.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of processor time`;
  };
}
