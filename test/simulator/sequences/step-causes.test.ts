import { describe, expect, it } from 'vitest';
import {
  LinearStepCost,
  LinkedStepCost,
  runSequences,
  type SequenceInput,
} from '../../../simulator/sequences/index.ts';
import { randomScenario, scenario } from './scenario.ts';

/** A run with its causes, and all sums in seconds. */
function causesOf(input: SequenceInput) {
  const run = runSequences({ ...input, limits: { ...input.limits, lookAhead: false }, observes: true });
  const causes = run?.observed?.causes;
  if (run === null || causes === undefined) throw new Error('no causes');
  return { run, causes, admitted: run.observed?.admittedNanoseconds ?? new Float64Array() };
}

const sumAt = (columns: Readonly<Record<string, Float64Array>>, request: number): number =>
  Object.values(columns).reduce((sum, column) => sum + (column[request] ?? Number.NaN), 0);

const MILLISECOND = 1e9;

describe('the causes of the time of a request', () => {
  it('add up to its times in random scenarios with preemption, shared prefixes and chunks', () => {
    let preemptions = 0;
    for (let seed = 0; seed < 400; seed++) {
      const input = randomScenario(seed);
      const { run, causes, admitted } = causesOf(input);
      preemptions += run.preemptions;
      for (const [request, arrival] of input.requests.arrivalNanoseconds.entries()) {
        const [start, first, last] = [admitted, run.firstTokenNanoseconds, run.lastTokenNanoseconds].map(
          (column) => (column[request] ?? Number.NaN) / 1e9,
        );
        if (start === undefined || first === undefined || last === undefined || Number.isNaN(last)) continue;
        const at = `seed ${seed}, request ${request}`;
        expect(sumAt(causes.queue, request), `queue of ${at}`).toBeCloseTo(start - arrival / 1e9, 7);
        expect(sumAt(causes.prefill, request), `prefill of ${at}`).toBeCloseTo(first - start, 7);
        expect(sumAt(causes.decode, request), `decode of ${at}`).toBeCloseTo(last - first, 7);
        for (const columns of [causes.queue, causes.prefill, causes.decode]) {
          for (const [name, column] of Object.entries(columns)) {
            expect(column[request], `${name} of ${at}`).toBeGreaterThan(-1e-8);
          }
        }
      }
    }
    expect(preemptions).toBeGreaterThan(100);
  });

  it('divides a decoding step into weights, sequences and KV cache', () => {
    const cost = new LinearStepCost({
      fixed: MILLISECOND,
      perSequence: MILLISECOND / 2,
      perContext: MILLISECOND / 100,
    });
    const twins = [1, 2].map(() => ({ at: 0, input: 10, output: 11 }));
    const { causes } = causesOf(scenario(twins, {}, { cost }));
    // Ten steps with one token each of both: 1 ms + 2 x 0.5 ms + 0.01 ms x both contexts, which grow from 11 to 20.
    expect(causes.decode.weights[0]).toBeCloseTo(10 * 0.0015, 9);
    expect(causes.decode.sequences[0]).toBeCloseTo(10 * 0.0005, 9);
    expect(causes.decode.kvCache[0]).toBeCloseTo(2 * 155 * 1e-5, 9);
    expect(causes.decode.otherPrompts[0]).toBeCloseTo(0, 9);
  });

  it.each([
    ['one chip', 0, 0],
    ['a link that takes 0.2 ms and 0.1 ms for each token', 0.2, 0.1],
  ])('shows the time on the link apart: %s', (_, fixed, perToken) => {
    const alone = new LinearStepCost({ fixed: MILLISECOND, perToken: MILLISECOND / 100 });
    const cost = new LinkedStepCost(alone, { fixedSeconds: fixed / 1000, secondsPerToken: perToken / 1000 });
    const twins = [1, 2].map(() => ({ at: 0, input: 10, output: 11 }));
    const { causes } = causesOf(scenario(twins, {}, { cost }));
    // The prompts are one step of 20 tokens, and ten steps of two tokens follow.
    expect(causes.prefill.link[0]).toBeCloseTo((fixed + 20 * perToken) / 1000, 9);
    expect(causes.prefill.ownPrompt[0]).toBeCloseTo(0.0012 / 2, 9);
    expect(causes.decode.link[0]).toBeCloseTo((10 * (fixed + 2 * perToken)) / 1000, 9);
    expect(causes.decode.weights[0]).toBeCloseTo(10 * 0.00101, 9);
    expect(causes.decode.sequences[0]).toBeCloseTo(10 * 0.00001, 9);
    expect(causes.decode.kvCache[0]).toBeCloseTo(0, 9);
  });

  it('gives prompts their shares of a step, and the rest of it to those who wait for them', () => {
    // 1 ms for each token. The second request arrives in the first step of decoding, and its prompt needs a step of 100 + 1 ms.
    const cost = new LinearStepCost({ perToken: MILLISECOND });
    const { causes } = causesOf(
      scenario(
        [
          { at: 0, input: 10, output: 4 },
          { at: 10_500_000, input: 100, output: 1 },
        ],
        {},
        { cost },
      ),
    );
    expect(causes.prefill.ownPrompt[0]).toBeCloseTo(0.01, 9);
    expect(causes.decode.otherPrompts[0]).toBeCloseTo(0.1, 9);
    expect(causes.decode.weights[0]).toBeCloseTo(0.003, 9);
    expect(causes.queue.step[1]).toBeCloseTo(0.0005, 9);
    expect(causes.prefill.ownPrompt[1]).toBeCloseTo(0.1, 9);
    expect(causes.prefill.otherAnswers[1]).toBeCloseTo(0.001, 9);
  });

  it.each<[string, Partial<SequenceInput['limits']>, 'slots' | 'blocks' | 'budget']>([
    ['a free slot', { sequences: 1 }, 'slots'],
    ['free blocks', { blocks: 5 }, 'blocks'],
    ['the prompt before it', { tokens: 48, chunked: false }, 'budget'],
  ])('names what a request waits for: %s', (_, limits, cause) => {
    const requests = [1, 2].map(() => ({ at: 0, input: 48, output: 1 }));
    const { causes, admitted } = causesOf(scenario(requests, { wholeInput: true, ...limits }));
    const waited = (admitted[1] ?? Number.NaN) / 1e9;
    expect(waited).toBeGreaterThan(0);
    expect(causes.queue[cause][1]).toBeCloseTo(waited, 9);
  });

  it('counts the time from a preemption until the sequence decodes again', () => {
    const requests = [1, 2].map(() => ({ at: 0, input: 16, output: 40 }));
    const { run, causes } = causesOf(scenario(requests, { blocks: 6, prefixCaching: false }));
    expect(run.preemptions).toBe(1);
    expect(causes.decode.preemption[0]).toBeCloseTo(0, 9);
    const decoding = causes.decode.weights[1] ?? Number.NaN;
    const whole = ((run.lastTokenNanoseconds[1] ?? 0) - (run.firstTokenNanoseconds[1] ?? 0)) / 1e9;
    expect(causes.decode.preemption[1]).toBeCloseTo(whole - decoding, 9);
    expect(causes.decode.preemption[1]).toBeGreaterThan(1e-5);
  });
});
