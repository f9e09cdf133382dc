import type { SegmentsRequest, TimelineRequests, TimelineSegments } from '../../protocol/index.ts';
import type { Actions } from '../model/actions.ts';
import type { PanelModel } from '../model/panel-model.ts';
import type { RequestFacts } from '../model/request-facts.ts';
import type { RequestLife } from '../model/request-life.ts';
import { lateAfter, lifeOf, missingDetail, nextLateRequest, slowestBetween } from '../model/request-life.ts';
import type { Shown } from '../model/shown.ts';
import type { TimeWindow } from '../model/view-state.ts';
import type { RequestSection } from '../sections/request.ts';
import { storyLead } from '../text/request-story.ts';
import type { Work } from './scheduler.ts';
import type { Transport } from './transport.ts';

/** A host that has not answered after this long will not answer: the run is gone, or it answered a newer request instead. */
const patienceMilliseconds = 5000;

const notFound = 'The requests of this time are not available';

export interface RequestFinderParts {
  readonly model: PanelModel;
  readonly transport: Transport;
  readonly actions: Pick<Actions, 'setWindow' | 'setCursor'>;
  readonly request: RequestSection;
  /** The segments that were fetched for the shown run. */
  readonly details: (shown: Shown) => readonly TimelineSegments[];
  readonly schedule: (work: Work) => void;
  readonly announce: (text: string) => void;
}

/** Finds the request that a person points at, and fetches from the host what its section needs. */
export interface RequestFinder {
  /** The request that is shown. */
  readonly chosen: () => RequestFacts | undefined;
  /** Shows a known request, or the slowest request of the shown serve that ended in a time window. */
  readonly find: (wanted: TimeWindow | RequestFacts) => void;
  /** Shows the next late request. false if the requests around are unknown, or none of them is late. */
  readonly step: (shown: Shown, cursor: number | null, direction: 1 | -1) => boolean;
  readonly forget: () => void;
  readonly answered: (shown: Shown, request: SegmentsRequest) => void;
  /** Draws the section again, after other results or in another theme. */
  readonly showAgain: (shown: Shown) => void;
  readonly isAsking: () => boolean;
}

export function createRequestFinder(parts: RequestFinderParts): RequestFinder {
  const { model, transport, request } = parts;
  let chosen: RequestFacts | undefined;
  /** The time window in which a request is being searched. */
  let searched: TimeWindow | undefined;
  let asked: TimeWindow[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;

  const canAsk = () => transport.hasHost && model.state !== null;
  const serveIndex = (shown: Shown) => shown.run.serves.indexOf(shown.serve);
  const resetAsking = () => {
    searched = undefined;
    asked = [];
    askedAt = Number.NEGATIVE_INFINITY;
  };
  const ask = ({ startSeconds, endSeconds }: TimeWindow) => {
    asked.push({ startSeconds, endSeconds });
    askedAt = performance.now();
    const { shown, state } = model;
    if (shown === undefined || state === null) return;
    const { uri, hash } = state;
    const scenario = shown.scenario.scenario;
    transport.send({
      type: 'segments',
      request: { uri, hash, scenario, run: shown.runIndex, startSeconds, endSeconds },
    });
  };
  const known = (shown: Shown, { startSeconds, endSeconds }: TimeWindow): TimelineRequests | undefined =>
    parts
      .details(shown)
      .map(({ requests }) => requests)
      .find(
        (each) => each !== undefined && each.windowStartSeconds <= startSeconds && endSeconds <= each.windowEndSeconds,
      );
  const lifeIn = (shown: Shown, facts: RequestFacts): RequestLife => lifeOf(facts, parts.details(shown));
  const changed = (facts: RequestFacts | undefined) => {
    const { shown } = model;
    if (facts !== undefined && shown !== undefined) {
      const { startSeconds, endSeconds } = shown.window;
      const half = (endSeconds - startSeconds) / 2;
      if (facts.endSeconds < startSeconds || facts.endSeconds > endSeconds) {
        parts.actions.setWindow({ startSeconds: facts.endSeconds - half, endSeconds: facts.endSeconds + half });
      }
      parts.actions.setCursor(facts.endSeconds);
    }
    parts.schedule('move');
  };
  const choose = (shown: Shown, facts: RequestFacts) => {
    chosen = facts;
    resetAsking();
    const life = complete(shown);
    changed(facts);
    if (life === undefined) return;
    const setting = { serve: shown.serve.name, limitSeconds: lateAfter(shown), chip: undefined, alone: true };
    parts.announce(`Request finished at ${facts.endSeconds.toFixed(6)} s. ${storyLead(life, setting)}`);
  };
  /** Shows what is known of the chosen request, and fetches the rest. */
  const complete = (shown: Shown): RequestLife | undefined => {
    if (chosen === undefined) return undefined;
    const life = lifeIn(shown, chosen);
    request.show(shown, life);
    const missing = canAsk() ? missingDetail(life, asked) : undefined;
    if (missing !== undefined) ask(missing);
    return life;
  };
  const search = (shown: Shown, window: TimeWindow): boolean => {
    const requests = known(shown, window);
    if (requests === undefined) return false;
    const found = slowestBetween(requests, serveIndex(shown), window.startSeconds, window.endSeconds);
    if (found === undefined) giveUp(shown, 'No request ended there');
    else choose(shown, found);
    return true;
  };
  const giveUp = (shown: Shown, why: string) => {
    searched = undefined;
    request.show(shown, undefined);
    parts.announce(why);
  };
  return {
    chosen: () => chosen,
    find: (wanted) => {
      const { shown } = model;
      if (shown === undefined) return;
      if ('arrivalSeconds' in wanted) {
        choose(shown, wanted);
        return;
      }
      if (search(shown, wanted) || !canAsk()) return;
      chosen = undefined;
      searched = wanted;
      asked = [];
      request.show(shown, 'waiting');
      ask(wanted);
      setTimeout(() => {
        if (searched === wanted) giveUp(shown, notFound);
      }, patienceMilliseconds);
    },
    step: (shown, cursor, direction) => {
      const limit = lateAfter(shown);
      if (limit === undefined || (chosen === undefined && cursor === null)) return false;
      const from = chosen ?? {
        endSeconds: cursor ?? 0,
        arrivalSeconds: direction > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      };
      for (const { requests } of parts.details(shown)) {
        if (requests === undefined) continue;
        const { windowStartSeconds, windowEndSeconds } = requests;
        // Requests that ended in the window are complete here; of those that ended later, only some are.
        if (from.endSeconds < windowStartSeconds || from.endSeconds > windowEndSeconds) continue;
        const next = nextLateRequest(requests, serveIndex(shown), limit, from, direction);
        if (next === undefined || next.endSeconds < windowStartSeconds || next.endSeconds > windowEndSeconds) continue;
        choose(shown, next);
        return true;
      }
      return false;
    },
    forget: () => {
      const { shown } = model;
      chosen = undefined;
      resetAsking();
      if (shown !== undefined) request.show(shown, undefined);
      changed(undefined);
    },
    answered: (shown, answer) => {
      const ours = asked.some(
        (window) => window.startSeconds === answer.startSeconds && window.endSeconds === answer.endSeconds,
      );
      if (ours) askedAt = Number.NEGATIVE_INFINITY;
      if (searched !== undefined && ours) {
        const window = searched;
        if (search(shown, window)) return;
        // The answer ends where its budget did. Search the part of the window that it covers.
        const [newest] = parts.details(shown);
        const end = newest?.requests?.windowEndSeconds ?? 0;
        if (end > window.startSeconds) search(shown, { ...window, endSeconds: end });
        else giveUp(shown, notFound);
      } else if (chosen !== undefined) complete(shown);
    },
    showAgain: (shown) => {
      if (chosen !== undefined) request.show(shown, lifeIn(shown, chosen));
    },
    isAsking: () => performance.now() - askedAt < patienceMilliseconds,
  };
}
