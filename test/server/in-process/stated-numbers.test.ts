import { afterEach, expect, test } from 'vitest';
import { type NumbersRequest, numbersRequest, type StatedNumber } from '../../../protocol/index.ts';
import { type ServedDocument, serveDocument } from './served-document.ts';
import { smallText, uri } from './small-design.ts';

let served: ServedDocument | undefined;
afterEach(() => served?.close());

const loadOf = (numbers: readonly StatedNumber[]) => numbers.find(({ path }) => path === 'Calm.Tiny.arrivals');

test('the server lists the numbers of the newest text, also while it has errors', async () => {
  served = await serveDocument(smallText());
  const { client, edit } = served;
  const numbers = (of: string) =>
    client.sendRequest<readonly StatedNumber[]>(numbersRequest, { uri: of } satisfies NumbersRequest);
  const first = await numbers(uri);
  expect(loadOf(first)).toMatchObject({ text: '100', unit: 'rps', scenario: 'Calm' });
  expect(first.map(({ path }) => path)).toContain('Chip.HBM.bandwidth');
  await edit(`${smallText('2500 rps')}npu {`);
  expect(loadOf(await numbers(uri))).toMatchObject({ text: '2500' });
  expect(await numbers('file:///closed.npu')).toEqual([]);
});
