/**
 * Deliberate faults that once passed every related test. Each must make a fast test fail. `npm run mutation -- faults`
 * applies them one at a time, in memory, and checks that a test of the listed files fails. docs/mutation.md lists them.
 */
export interface Fault {
  /** The effect of the fault, in the words of a bug report. */
  readonly name: string;
  /** Relative to the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly right: string;
  readonly wrong: string;
  /** The test files to run. */
  readonly tests: readonly string[];
}

export const faults: readonly Fault[] = [
  {
    name: 'a cancelled task whose id does not advance',
    file: 'server/simulation-lane.ts',
    right: 'Atomics.store(this.floor, 0, id + 1)',
    wrong: 'Atomics.store(this.floor, 0, id)',
    tests: ['test/server/in-process/simulation-lane.test.ts'],
  },
  {
    name: 'two tasks with the same id',
    file: 'server/simulation-host.ts',
    right: 'const id = ++this.lastId;',
    wrong: 'const id = this.lastId + 1;',
    tests: ['test/server/in-process/simulation-lane.test.ts'],
  },
  {
    name: '`abandon()` does not cancel the older run',
    file: 'server/document-run.ts',
    right: 'running?.cancel();',
    wrong: '',
    tests: ['test/server/in-process/document-run.test.ts'],
  },
  {
    name: 'an exploration continues after its document is closed',
    file: 'server/document-events.ts',
    right: 'session.explorations.end(uri);',
    wrong: '',
    tests: ['test/server/in-process/explorations.test.ts'],
  },
  {
    name: 'an exploration continues after it was ended',
    file: 'server/explorations.ts',
    right: 'own.cancelTurn();',
    wrong: '',
    tests: ['test/server/in-process/explorations.test.ts'],
  },
  {
    name: 'an exploration takes another turn after it was ended',
    file: 'server/explorations.ts',
    right: 'own.cancelled = true;',
    wrong: '',
    tests: ['test/server/in-process/explorations.test.ts'],
  },
  {
    name: 'the panel draws segments of another run',
    file: 'webview/model/detail.ts',
    right: 'each.run === runIndex',
    wrong: 'each.run >= 0',
    tests: ['test/webview/in-process/detail.test.ts'],
  },
  {
    name: 'the panel draws segments of an earlier simulation',
    file: 'webview/model/detail.ts',
    right: 'each.hash === hash',
    wrong: 'each.hash !== undefined',
    tests: ['test/webview/in-process/detail.test.ts'],
  },
  {
    name: 'preemption of the most urgent batch',
    file: 'simulator/serving/loop/event-loop.ts',
    right: 'key > least',
    wrong: 'key < least',
    tests: ['test/simulator/serving/preemption.test.ts'],
  },
  {
    name: 'no correction for repeated interim checks',
    file: 'simulator/serving/simulate-run.ts',
    right: '(1 - input.confidence) / length.checksAllowed',
    wrong: '(1 - input.confidence)',
    tests: ['test/simulator/serving/repeated-checks.test.ts'],
  },
  {
    name: 'static power of one chip in the energy of a request',
    file: 'simulator/serving/result/energy.ts',
    right: 'totalStaticWatts(sim.input)',
    wrong: 'sim.input.staticWatts',
    tests: ['test/simulator/serving/static-power.test.ts'],
  },
  {
    name: 'static power of one chip in the mean power',
    file: 'simulator/serving/result/run-result.ts',
    right: 'totalStaticWatts(input)',
    wrong: 'input.staticWatts',
    tests: ['test/simulator/serving/static-power.test.ts'],
  },
  {
    name: 'static power of one chip in the power over time',
    file: 'simulator/serving/result/slot-columns.ts',
    right: 'return staticWatts + joules',
    wrong: 'return staticWatts / sim.chips.length + joules',
    tests: ['test/simulator/serving/slot-columns.test.ts'],
  },
  {
    name: '`uJ` wrong by 1,000',
    file: 'language/units/units.ts',
    right: "names: ['uJ', 'µJ', 'μJ'], dimension: 'energy', divide: 1e6",
    wrong: "names: ['uJ', 'µJ', 'μJ'], dimension: 'energy', divide: 1e9",
    tests: ['test/language/units.test.ts'],
  },
  {
    name: '`kW` wrong by 1,000',
    file: 'language/units/units.ts',
    right: "names: ['kW'], dimension: 'power', multiply: 1e3",
    wrong: "names: ['kW'], dimension: 'power', multiply: 1",
    tests: ['test/language/units.test.ts'],
  },
  {
    name: '`relocate` uses one objective twice',
    file: 'engine/relocate.ts',
    right: 'left.splice(place, 1)',
    wrong: '[left[place]]',
    tests: ['test/engine/relocate.test.ts'],
  },
  {
    name: 'incremental reparse keeps the item before a change',
    file: 'language/syntax/reparse.ts',
    right: 'next === undefined || next.end > head',
    wrong: 'next === undefined || item.end > head',
    tests: ['test/language/reparse.test.ts'],
  },
  {
    name: 'incremental reparse keeps the line that changed',
    file: 'language/syntax/reparse.ts',
    right: 'if (line < tailStart) break;',
    wrong: 'if (item.start + 1 < tailStart) break;',
    tests: ['test/language/reparse.test.ts'],
  },
  {
    name: 'incremental reparse moves items by one character too few',
    file: 'language/syntax/reparse.ts',
    right: 'item.start === start ? item : moveItem(item, start - item.start)',
    wrong: 'item.start === start ? item : moveItem(item, start - item.start - 1)',
    tests: ['test/language/reparse.test.ts'],
  },
  {
    name: 'incremental reparse keeps an item with an error',
    file: 'language/syntax/reparse.ts',
    right: 'if (faults.some((one) => one.start <= until && one.end >= item.start - 1)) return undefined;',
    wrong: '',
    tests: ['test/language/reparse.test.ts'],
  },
  {
    name: 'the maximum includes warm-up requests',
    file: 'simulator/serving/record/serve-recorder.ts',
    right: 'const longest = now - (requests[leftOut] as number)',
    wrong: 'const longest = now - (requests[0] as number)',
    tests: ['test/simulator/serving/warmup.test.ts'],
  },
  {
    name: 'the largest latency of generated traffic includes the warm-up',
    file: 'simulator/serving/judge/measured-serve.ts',
    right: 'let bucket = part.firstSlot * 4; bucket < recorder.largest.length',
    wrong: 'let bucket = 0; bucket < recorder.largest.length',
    tests: ['test/simulator/serving/warmup.test.ts'],
  },
  {
    name: 'a time of a trace without its fraction',
    file: 'formats/trace/time-field.ts',
    right: 'into.fraction = fraction;\n  into.high = 0;',
    wrong: 'into.fraction = 0;\n  into.high = 0;',
    tests: ['test/formats/trace.test.ts'],
  },
  {
    name: 'a time of a trace with an exponent, rounded down to a whole unit',
    file: 'formats/trace/time-field.ts',
    right: 'Math.round((value - into.low) * 10 ** places)',
    wrong: 'Math.floor(value - into.low) * 10 ** places',
    tests: ['test/formats/trace.test.ts'],
  },
  {
    name: 'a distance in time of a trace, rounded down to a microsecond',
    file: 'formats/trace/row-cells.ts',
    right: '(whole + fraction / 1e12) / layout.unitsPerSecond',
    wrong: 'Math.floor(((whole + fraction / 1e12) / layout.unitsPerSecond) * 1e6) / 1e6',
    tests: ['test/formats/trace.test.ts'],
  },
  {
    name: 'a line break in a cell of a CSV file of the panel',
    file: 'design/csv.ts',
    right: 'safeText(cell, Number.POSITIVE_INFINITY)',
    wrong: 'cell',
    tests: ['test/webview/in-process/table.test.ts'],
  },
  {
    name: 'a line break in a CSV cell',
    file: 'design/csv.ts',
    right: 'safeText(cell, Number.POSITIVE_INFINITY)',
    wrong: 'cell',
    tests: ['test/design/csv.test.ts'],
  },
  {
    name: 'a comma without quotes in CSV',
    file: 'design/csv.ts',
    right: '/[",]/',
    wrong: '/["]/',
    tests: ['test/design/csv.test.ts'],
  },
  {
    name: 'a cancelled request for a window continues',
    file: 'server/run-requests.ts',
    right: 'segments(request: SegmentsRequest): Promise<Packed | null> {\n    this.cancelWindow();',
    wrong: 'segments(request: SegmentsRequest): Promise<Packed | null> {',
    tests: ['test/server/in-process/document-run.test.ts'],
  },
  {
    name: 'a request for a window of an older run continues beside a newer run',
    file: 'server/document-run.ts',
    right: 'private start(scenarios: readonly Scenario[], hash: string): void {\n    this.requests.cancel();',
    wrong: 'private start(scenarios: readonly Scenario[], hash: string): void {',
    tests: ['test/server/in-process/document-run.test.ts'],
  },
];
