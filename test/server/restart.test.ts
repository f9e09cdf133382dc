import { expect, test } from 'vitest';
import { TestServer } from './language-server.ts';

const uri = 'file:///restart/unsaved.npu';
const text = (rate: number): string => `import "stimpack/stimpack"
import "stimpack/resnet50"
scenario Rush {
  npu: Stimpack
  serve ResNet50 { arrivals: poisson(${rate} rps), slo { p99 latency <= 15 ms } }
}
`;

/*
 * The messages to a server that replaces a dead one: the open documents as they are in the editor, and a request to run
 * those whose results were shown.
 */
test.each([true, false])('verdicts of unsaved text come back after a crash (run on open: %s)', async (runOnOpen) => {
  const first = (await TestServer.start({ runOnOpen })).server;
  await first.open(uri, text(500));
  await first.save(uri);
  await first.phase(uri, 'fresh');
  // Above its capacity, and not saved.
  await first.change(uri, text(60_000));
  await first.phase(uri, 'stale');
  await first.kill();

  const second = (await TestServer.start({ runOnOpen })).server;
  void second.open(uri, text(60_000));
  await second.request('stimpack/runRequest', { uri, action: 'run' });
  await second.phase(uri, 'fresh');
  expect(second.lastPublished(uri).map(({ code }) => code)).toContain('slo-violated');
  expect(second.results(uri).map(({ scenario }) => scenario)).toEqual(['Rush']);
  await second.stop();
});
