import { statedNumbers } from '../language/index.ts';
import {
  type ExploreOutcome,
  type ExploreProgress,
  type ExploreRequest,
  exploreProgress,
  exploreRequest,
  forgetExplorationsRequest,
  type LoadCurveProgress,
  type LoadCurveRequest,
  loadCurveProgress,
  loadCurveRequest,
  type NumbersRequest,
  numbersRequest,
  type ObjectivesRequest,
  objectivesRequest,
  type RevisionAnswer,
  type RevisionRequest,
  type RunRequest,
  revisionRequest,
  runRequest,
  type SegmentsRequest,
  segmentsRequest,
  traceRequest,
} from '../protocol/index.ts';
import { ownScenarios } from './document-facts.ts';
import { encodeColumns } from './encode-columns.ts';
import type { CancellationToken, Connection } from './lsp.ts';
import { objectivesOf } from './objectives.ts';
import { runRevision } from './revision.ts';
import type { Session } from './session.ts';

/**
 * Requests beyond LSP from the panel and the commands of our own client: runs, windows of runs, load curves,
 * explorations.
 */
export function registerPanelRequests(connection: Connection, session: Session): void {
  const { workspace, runs, edits, client } = session;

  connection.onRequest(runRequest, async ({ uri, action }: RunRequest) => {
    if (!workspace.isOpen(uri)) return;
    if (action === 'preview') {
      await session.preview(uri);
      return;
    }
    edits.flush();
    const run = runs.of(uri);
    // A file without scenarios has nothing to run. Instead, the documents that use it run.
    if (action === 'run') await session.run([uri, ...workspace.openImporters(uri)]);
    else if (action === 'replay') run.replay();
    else run.cancel();
  });

  connection.onRequest(objectivesRequest, ({ uri }: ObjectivesRequest) => {
    if (!workspace.isOpen(uri)) return [];
    edits.flush();
    const scenarios = ownScenarios(workspace.program(uri));
    const run = runs.get(uri);
    return objectivesOf(scenarios, run?.isFresh === true ? (run.results(scenarios) ?? []) : []);
  });

  connection.onRequest(numbersRequest, ({ uri }: NumbersRequest) => {
    // The text alone states the numbers, so this does not wait for a check.
    const file = workspace.isOpen(uri) ? workspace.glance(uri).files.get(uri) : undefined;
    return file === undefined ? [] : statedNumbers(file.tree);
  });

  connection.onRequest(segmentsRequest, async (request: SegmentsRequest) => {
    const segments = await runs.get(request.uri)?.requests.segments(request);
    return segments == null ? null : encodeColumns(segments);
  });

  connection.onRequest(
    traceRequest,
    async (request: SegmentsRequest) => (await runs.get(request.uri)?.requests.trace(request)) ?? null,
  );

  connection.onRequest(loadCurveRequest, async (request: LoadCurveRequest, token: CancellationToken) => {
    const progress = (fraction: number): void =>
      client.notify(connection.sendNotification(loadCurveProgress, { request, fraction } satisfies LoadCurveProgress));
    const curve = await runs
      .get(request.uri)
      ?.requests.loadCurve(request, progress, (cancel) => token.onCancellationRequested(cancel));
    return curve ?? null;
  });

  connection.onRequest(exploreRequest, async (request: ExploreRequest, token: CancellationToken) => {
    const end = await session.explorations.explore(
      request,
      ({ fraction, result }) => {
        const known = result === null ? null : encodeColumns(result);
        const news: ExploreProgress = { request, fraction, result: known };
        client.notify(connection.sendNotification(exploreProgress, news));
      },
      (cancel) => token.onCancellationRequested(cancel),
    );
    return (end.kind === 'done' ? { kind: 'done', result: encodeColumns(end.result) } : end) satisfies ExploreOutcome;
  });

  connection.onRequest(
    revisionRequest,
    (request: RevisionRequest, token: CancellationToken): Promise<RevisionAnswer> =>
      runRevision(request, session.parts, (cancel) => token.onCancellationRequested(cancel)),
  );

  connection.onRequest(forgetExplorationsRequest, () => session.explorations.forget());
}
