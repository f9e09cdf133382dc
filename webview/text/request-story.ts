import { formatNumber, formatSeconds } from '../../protocol/index.ts';
import type { LifePart, LifeQueue, RequestLife } from '../request-life.ts';
import { timeText } from './time-text.ts';
import { listed } from './verdict-sentence.ts';

/** What the teller must know of the run beside the request itself. */
export interface StorySetting {
  readonly serve: string;
  readonly limitSeconds: number | undefined;
  readonly chips: number;
  readonly alone: boolean;
}

/** "Late by 3.2 ms: 18.2 ms instead of 15 ms" */
export function storyLead({ facts }: RequestLife, { limitSeconds }: StorySetting): string {
  const took = facts.endSeconds - facts.arrivalSeconds;
  if (limitSeconds === undefined) return `It took ${formatSeconds(took)}.`;
  const over = took - limitSeconds;
  return over > 0
    ? `It took ${formatSeconds(took)}, ${formatSeconds(over)} more than ${formatSeconds(limitSeconds)}.`
    : `It took ${formatSeconds(took)}, within ${formatSeconds(limitSeconds)}.`;
}

/** Its life in sentences: when it came, what it waited behind, its batch, its modes. */
export function storySentences(life: RequestLife, setting: StorySetting): readonly string[] {
  const { facts, queue, parts } = life;
  const took = facts.endSeconds - facts.arrivalSeconds;
  const waited = facts.startSeconds - facts.arrivalSeconds;
  const sentences = [`It came at ${timeText(facts.arrivalSeconds, took)}${queue === undefined ? '' : found(queue)}.`];
  if (waited > 0) sentences.push(waitSentence(life, waited, setting));
  else sentences.push('It did not wait.');
  const others = facts.batchSize - 1;
  const company =
    others === 0 ? 'alone' : `in a batch of ${facts.batchSize}, with ${others} other${others === 1 ? '' : 's'}`;
  const where = setting.chips === 1 ? '' : ` on chip ${facts.chip + 1}`;
  const modes = parts.filter(({ kind }) => kind === 'base' || kind === 'burst' || kind === 'quantizing');
  const how =
    modes.length === 0
      ? ''
      : modes.length === 1
        ? `, all of it ${modeWords(modes[0])}`
        : `: ${listed(modes.map((part) => `${formatSeconds(part.seconds)} ${modeWords(part)}`))}`;
  const switched =
    facts.switchSeconds > 0
      ? ` The arrays stood still for ${formatSeconds(facts.switchSeconds, 2)} of it to change their mode.`
      : '';
  sentences.push(
    `It was served ${company}${where}, for ${formatSeconds(facts.endSeconds - facts.startSeconds)}${how}.${switched}`,
  );
  return sentences;
}

function found({ ahead }: LifeQueue): string {
  return ahead === 0 ? ', with nobody before it' : `, behind ${requests(ahead)} that waited`;
}

function waitSentence({ facts, queue }: RequestLife, waited: number, { alone }: StorySetting): string {
  const filling = facts.fillSeconds > 1e-12 ? facts.fillSeconds : 0;
  const fill = filling > 0 ? `${formatSeconds(filling)} for its batch to fill` : '';
  const blocked = waited - filling;
  if (blocked <= 1e-12) return `It waited ${fill}.`;
  const whom = queue === undefined ? 'while the chips served others' : `while ${servedMeanwhile(queue, alone)}`;
  const rest = fill === '' ? '' : `, and ${fill}`;
  return `It waited ${formatSeconds(blocked)} ${whom}${rest}.`;
}

function servedMeanwhile({ batches, own, others }: LifeQueue, alone: boolean): string {
  if (batches === 0) return 'the arrays changed their mode';
  const whose = alone ? '' : others === 0 ? ' of its own kind' : own === 0 ? ' of others' : `, ${others} of others`;
  return `${batches === 1 ? 'a batch' : `${formatNumber(batches, 7)} batches`} with ${requests(own + others)}${whose} went through`;
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

/** What a part of its time is called. */
export const partNames: Readonly<Record<LifePart['kind'], string>> = {
  waiting: 'waiting behind others',
  filling: 'waiting for its batch to fill',
  switching: 'changing mode',
  base: 'service in base mode',
  burst: 'service in burst mode',
  quantizing: 'service while quantizing',
  idle: 'idle',
};
