import { formatNumber, formatSeconds, tokenCauses } from '../../protocol/index.ts';
import type { RequestFacts, TokenFacts } from '../model/request-facts.ts';
import type { LifePart, LifeQueue, RequestLife } from '../model/request-life.ts';
import { timeText } from './time-text.ts';
import { listed } from './verdict-sentence.ts';

/** What the sentences about a request need from its run. */
export interface StorySetting {
  readonly serve: string;
  readonly limitSeconds: number | undefined;
  /** The name of the chip that ran it. undefined: there is only one. */
  readonly chip: string | undefined;
  readonly alone: boolean;
}

/** "It took 18.2 ms, 3.2 ms more than the 15 ms limit." */
export function storyLead({ facts }: RequestLife, { limitSeconds }: StorySetting): string {
  const took = facts.endSeconds - facts.arrivalSeconds;
  if (limitSeconds === undefined) return `It took ${formatSeconds(took)}.`;
  const over = took - limitSeconds;
  return over > 0
    ? `It took ${formatSeconds(took)}, ${formatSeconds(over)} more than the ${formatSeconds(limitSeconds)} limit.`
    : `It took ${formatSeconds(took)}, within the ${formatSeconds(limitSeconds)} limit.`;
}

/** What happened to a request: its arrival, its wait, its batch and its modes. */
export function storySentences(life: RequestLife, setting: StorySetting): readonly string[] {
  const { facts, queue, parts } = life;
  const took = facts.endSeconds - facts.arrivalSeconds;
  const waited = facts.startSeconds - facts.arrivalSeconds;
  const sentences = [
    `It arrived at ${timeText(facts.arrivalSeconds, took)}${queue === undefined ? '' : found(queue)}.`,
  ];
  if (facts.tokens !== undefined) return [...sentences, ...tokenSentences(facts, facts.tokens)];
  if (waited > 0) sentences.push(waitSentence(life, waited, setting));
  else sentences.push('It did not wait.');
  const company = facts.batchSize === 1 ? 'alone' : `in a batch of ${facts.batchSize}`;
  const where = setting.chip === undefined ? '' : ` on ${setting.chip}`;
  const modes = parts.filter(({ kind }) => kind === 'base' || kind === 'burst' || kind === 'quantizing');
  const how =
    modes.length === 0
      ? ''
      : modes.length === 1
        ? `, all of it ${modeWords(modes[0])}`
        : `: ${listed(modes.map((part) => `${formatSeconds(part.seconds)} ${modeWords(part)}`))}`;
  const switched =
    facts.switchSeconds > 0
      ? ` For ${formatSeconds(facts.switchSeconds, 2)} of that time, the arrays stopped to switch modes.`
      : '';
  sentences.push(
    `It ran ${company}${where} for ${formatSeconds(facts.endSeconds - facts.startSeconds)}${how}.${switched}`,
  );
  return sentences;
}

/** What a language model did for a request. */
function tokenSentences({ arrivalSeconds, startSeconds, endSeconds }: RequestFacts, tokens: TokenFacts): string[] {
  const { firstSeconds, input, output, chunks, preemptions } = tokens;
  const wait = startSeconds - arrivalSeconds;
  const further = output - 1;
  const each = `, ${formatSeconds((endSeconds - firstSeconds) / further)} for each`;
  return [
    wait > 0 ? `It waited ${formatSeconds(wait)} for a step.` : 'It did not wait.',
    `The first token came ${formatSeconds(firstSeconds - startSeconds)} later, after a prompt of ${formatNumber(input, 7)} tokens${chunks > 1 ? ` in ${chunks} steps` : ''}.`,
    further === 0
      ? 'Its answer has one token.'
      : `The other ${formatNumber(further, 7)} took ${formatSeconds(endSeconds - firstSeconds)}${each}.`,
    ...(preemptions === 0
      ? []
      : [
          `It lost its blocks ${preemptions === 1 ? 'once' : `${preemptions} times`}, and its tokens were computed again.`,
        ]),
  ];
}

function found({ ahead }: LifeQueue): string {
  return ahead === 0 ? ' and found no other request waiting' : ` and found ${requests(ahead)} waiting`;
}

function waitSentence({ facts, queue }: RequestLife, waited: number, { alone }: StorySetting): string {
  const filling = facts.fillSeconds > 1e-12 ? facts.fillSeconds : 0;
  const fill = filling > 0 ? `${formatSeconds(filling)} for its batch to fill` : '';
  const blocked = waited - filling;
  if (blocked <= 1e-12) return `It waited ${fill}.`;
  const whom = queue === undefined ? 'while the chips ran other requests' : `while ${servedMeanwhile(queue, alone)}`;
  const rest = fill === '' ? '' : `, and ${fill}`;
  return `It waited ${formatSeconds(blocked)} ${whom}${rest}.`;
}

function servedMeanwhile({ batches, own, others }: LifeQueue, alone: boolean): string {
  if (batches === 0) return 'the arrays switched modes';
  const whose = alone || others === 0 ? '' : own === 0 ? ' to other networks' : `, ${others} of them to other networks`;
  return `${batches === 1 ? 'a batch' : `${formatNumber(batches, 7)} batches`} with ${requests(own + others)}${whose} ran`;
}

function requests(count: number): string {
  return count === 1 ? 'one request' : `${formatNumber(count, 7)} requests`;
}

function modeWords(part: LifePart | undefined): string {
  const words: Readonly<Record<string, string>> = {
    base: 'in base mode',
    burst: 'in burst mode',
    quantizing: 'in burst mode while weights were quantized',
  };
  return words[part?.kind ?? ''] ?? '';
}

/** The names of the parts of a request's time. */
export const partNames: Readonly<Record<LifePart['kind'], string>> = {
  ...tokenCauses,
  waiting: 'waiting for the chip',
  filling: 'waiting for its batch to fill',
  switching: 'switching modes',
  base: 'running in base mode',
  burst: 'running in burst mode',
  quantizing: 'running while weights are quantized',
  idle: 'idle',
};
