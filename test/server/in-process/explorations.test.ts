import { afterEach, describe, expect, test } from 'vitest';
import type { ExplorationResult } from '../../../design/index.ts';
import { exploreRequest, objectivesRequest, pack, unpack } from '../../../protocol/index.ts';
import { Explorations } from '../../../server/explorations.ts';
import { ExploredStore } from '../../../server/explored-store.ts';
import { exploreDesigns } from '../../../simulator/index.ts';
import { RecordedTasks } from './recorded-tasks.ts';
import { type ServedDocument, serveDocument } from './served-document.ts';
import { programOf, smallText, uri } from './small-design.ts';

/* Explorations without threads: when they end. */

const request = { uri, hash: null, exploration: 'Sizing' };

/** What a server leaves for the next one. */
class Folder {
  text = '';
  readonly read = () => Promise.resolve(this.text);
  readonly write = (text: string): void => {
    this.text = text;
  };
}

function exploring(folder?: Folder, owner = 'this program') {
  const tasks = new RecordedTasks();
  let text: string | undefined = smallText();
  const explorations = new Explorations(
    tasks,
    () => 0,
    () => {
      if (text === undefined) return undefined;
      const program = programOf(text);
      return { program, scenarios: program.design.scenarios };
    },
    new ExploredStore(folder, owner),
  );
  const edit = (next: string | undefined): void => {
    text = next;
    explorations.edited(uri);
  };
  const explore = () => {
    let cancel = (): void => undefined;
    const end = explorations.explore(
      request,
      () => undefined,
      (given) => {
        cancel = given;
      },
    );
    return { end, cancel: () => cancel() };
  };
  /** Ends the newest turn with the results of its designs. */
  const finishTurn = async (): Promise<void> => {
    const { task, listener } = tasks.at(tasks.all.length - 1);
    if (task.type !== 'explore') throw new Error(`a task '${task.type}'`);
    const results = exploreDesigns(task.goals, task.designs);
    if (results === undefined) throw new Error('cancelled without a request');
    listener.settle({ kind: 'done', results: pack(results) });
    await turnOver();
  };
  return { tasks, explorations, edit, explore, finishTurn };
}

/** Runs all promise callbacks that wait only for their turn. */
const turnOver = () => new Promise((done) => setImmediate(done));

describe('an exploration', () => {
  test('tries all designs turn by turn', async () => {
    const { tasks, explore, finishTurn } = exploring();
    const { end } = explore();
    await turnOver();
    for (let designs = 0; designs < 6; ) {
      const { task } = tasks.at(tasks.all.length - 1);
      designs += task.type === 'explore' ? task.designs.length : 0;
      await finishTurn();
    }
    expect((await end).kind).toBe('done');
    expect(tasks.summary).toEqual(['explore', 'explore', 'explore']);
  });

  test('tries the designs that the search of the file chooses', async () => {
    const { tasks, edit, explore, finishTurn } = exploring();
    edit(smallText().replace(/explore Sizing \{/u, 'explore Sizing {\n  search: nsga2 { budget: 4 }'));
    const { end } = explore();
    await turnOver();
    const designs: number[] = [];
    while (designs.length < 4) {
      const { task } = tasks.at(tasks.all.length - 1);
      if (task.type === 'explore') designs.push(...task.designs.map(({ design }) => design));
      await finishTurn();
    }
    const answer = await end;
    expect([designs.length, new Set(designs).size]).toEqual([4, 4]);
    const result = answer.kind === 'done' ? unpack<ExplorationResult>(answer.result) : undefined;
    expect([result?.tried, result?.count, result?.exploration.search?.kind]).toEqual([4, 6, 'nsga2']);
  });

  test.each<[string, (parts: ReturnType<typeof exploring>, cancel: () => void) => void]>([
    ['its document is closed', ({ explorations }) => explorations.end(uri)],
    ['a person cancels it', (_, cancel) => cancel()],
    ['an edit changes its designs', ({ edit }) => edit(smallText('100 rps', '16, 32'))],
    ['an edit changes what its designs serve', ({ edit }) => edit(smallText('101 rps'))],
  ])('stops when %s', async (_, act) => {
    const parts = exploring();
    const { end, cancel } = parts.explore();
    await turnOver();
    act(parts, cancel);
    expect(parts.tasks.summary).toEqual(['explore cancelled']);
    // The worker may finish its designs before it reads the cancellation.
    await parts.finishTurn();
    expect(parts.tasks.summary).toEqual(['explore cancelled']);
    expect(await end).toEqual({ kind: 'gone' });
  });

  test.each<[string, (parts: ReturnType<typeof exploring>) => void]>([
    ['an edit changes only a comment', ({ edit }) => edit(`// A comment.\n${smallText()}`)],
    ['an edit leaves an error in the text', ({ edit }) => edit(undefined)],
    ['another document is closed', ({ explorations }) => explorations.end('file:///other.npu')],
  ])('goes on when %s', async (_, act) => {
    const parts = exploring();
    void parts.explore();
    await turnOver();
    act(parts);
    expect(parts.tasks.summary).toEqual(['explore']);
  });

  test('stops when the same document explores again', async () => {
    const { tasks, explore } = exploring();
    const { end } = explore();
    await turnOver();
    void explore();
    expect(tasks.summary).toEqual(['explore cancelled']);
    tasks.settle(0, { kind: 'cancelled' });
    expect(await end).toEqual({ kind: 'gone' });
    await turnOver();
    expect(tasks.summary).toEqual(['explore cancelled', 'explore']);
  });
});

describe('the results of an earlier exploration', () => {
  const rowsOf = ({ measures, verdicts }: ExplorationResult) =>
    measures.map((column, goal) => [goal, [...column], [...verdicts]]);

  /** Explores to the end. Returns the result, and the designs that ran. */
  async function toTheEnd({ tasks, explore, finishTurn }: ReturnType<typeof exploring>) {
    const before = tasks.all.length;
    let ended = false;
    const end = explore().end.finally(() => {
      ended = true;
    });
    await turnOver();
    while (!ended) {
      if (tasks.all.length > before) await finishTurn();
      await new Promise((done) => setTimeout(done, 1));
    }
    const answer = await end;
    if (answer.kind !== 'done') throw new Error(answer.kind);
    const ran = tasks.all
      .slice(before)
      .flatMap(({ task }) => (task.type === 'explore' ? task.designs.map(({ design }) => design) : []));
    return { ran, rows: rowsOf(unpack<ExplorationResult>(answer.result)) };
  }

  test('are used again: only new designs run, and the result is that of a fresh exploration', async () => {
    const parts = exploring();
    const first = await toTheEnd(parts);
    expect(first.ran).toEqual([0, 1, 2, 3, 4, 5]);
    const again = await toTheEnd(parts);
    expect(again).toEqual({ ...first, ran: [] });

    parts.edit(`// Another place.\n${smallText('100 rps', '16, 24, 64')}`);
    const changed = await toTheEnd(parts);
    expect(changed.ran).toEqual([2, 3]);
    const fresh = exploring();
    fresh.edit(smallText('100 rps', '16, 24, 64'));
    expect((await toTheEnd(fresh)).rows).toEqual(changed.rows);
  });

  test.each<[string, string]>([
    ['another load', smallText('101 rps')],
    ['another goal', smallText().replace('minimize latency', 'minimize mean latency')],
    ['another limit', smallText().replace('minimize latency', 'subject to mean latency <= 1 s\n  minimize latency')],
  ])('are not used for %s', async (_, text) => {
    const parts = exploring();
    await toTheEnd(parts);
    parts.edit(text);
    expect((await toTheEnd(parts)).ran.length).toBe(6);
  });

  test('are forgotten on request, also for the next server', async () => {
    const folder = new Folder();
    const parts = exploring(folder);
    await toTheEnd(parts);
    expect(folder.text).not.toBe('');
    parts.explorations.forget();
    expect(folder.text).toBe('');
    expect((await toTheEnd(parts)).ran.length).toBe(6);
  });

  test('are used by the next server of the same program', async () => {
    const folder = new Folder();
    const first = await toTheEnd(exploring(folder));
    expect(await toTheEnd(exploring(folder))).toEqual({ ...first, ran: [] });
    const changed = exploring(folder);
    changed.edit(smallText('100 rps', '16, 24, 64'));
    expect((await toTheEnd(changed)).ran).toEqual([2, 3]);
    expect((await toTheEnd(exploring(folder, 'another version'))).ran.length).toBe(6);
  });

  test('are not read again after they were forgotten', async () => {
    const folder = new Folder();
    await toTheEnd(exploring(folder));
    const parts = exploring(folder);
    const { end } = parts.explore();
    parts.explorations.forget();
    expect(await end).toEqual({ kind: 'gone' });
    expect((await toTheEnd(parts)).ran.length).toBe(6);
  });
});

describe('in the server', () => {
  let served: ServedDocument | undefined;
  afterEach(() => served?.close());

  test('closing a document stops its exploration', async () => {
    served = await serveDocument(smallText());
    const { client, tasks } = served;
    // The server reads messages in order: an answer means that it has handled all messages before the request.
    const handled = () => client.sendRequest(objectivesRequest, { uri });
    // The recorded task never ends, so closing the connection rejects this request.
    client.sendRequest(exploreRequest, request).catch(() => undefined);
    await handled();
    expect(tasks.summary).toEqual(['explore']);
    await client.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await handled();
    expect(tasks.summary).toEqual(['explore cancelled']);
  });
});
