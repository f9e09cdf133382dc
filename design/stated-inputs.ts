import type { Caveat, CaveatCode } from './caveat.ts';
import { assumptionText } from './model-statements.ts';
import type { Scenario } from './scenario.ts';

/*
 * What the file states where the program would otherwise guess: how operators are counted, how a trace is read, caveats that are accepted. They
 * are inputs and change no verdict by themselves, but a reader of a result must see them.
 */

/** Stated inputs of a scenario's networks and traces, each a sentence, each once, in the order of the serves. */
export function statedInputs({ serves }: Pick<Scenario, 'serves'>): readonly string[] {
  const found = new Set<string>();
  for (const { model, arrivals } of serves) {
    for (const assumption of model.assumptions ?? []) found.add(`${model.name}: ${assumptionText(assumption)}.`);
    if (arrivals.kind !== 'trace') continue;
    for (const text of arrivals.stated ?? []) found.add(`Trace ${arrivals.path}: ${text}.`);
  }
  return [...found];
}

/** An accepted caveat among the stated inputs. */
export function acceptedText({ code, text }: Caveat): string {
  return `Accepted (${code}): ${text}`;
}

/** Whether the file accepts a caveat: it then changes no verdict. */
export function isAccepted(accepts: readonly CaveatCode[] | undefined, { code }: Pick<Caveat, 'code'>): boolean {
  return accepts?.includes(code) ?? false;
}

/** Heading of a list of stated inputs. */
export const statedHeading = 'Stated in the file';

/** The stated inputs of many runs, to append to a sentence about these runs. Empty without stated inputs. */
export function statedSummary(texts: readonly string[]): string {
  return texts.length === 0 ? '' : ` ${statedHeading}: ${texts.join(' ')}`;
}
