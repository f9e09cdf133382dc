import type { SegmentsRequest, TimelineRequests, TimelineSegments } from '../protocol/index.ts';
import type { RequestFacts } from './request-facts.ts';
import type { RequestLife } from './request-life.ts';
import { lateAfter, lifeOf, missingLook, nextLateRequest, slowestBetween } from './request-life.ts';
import type { RequestSection } from './sections/request.ts';
import type { Shown } from './shown.ts';
import { storyLead } from './text/request-story.ts';
import type { TimeWindow } from './view-state.ts';

/** A host that has not answered by now does not: the run is gone, or another look took the place of ours. */
const patienceMilliseconds = 5000;

interface TellerParts {
  readonly request: RequestSection;
  readonly shown: () => Shown | undefined;
  /** Looks at parts of the shown run. */
  readonly looks: (shown: Shown) => readonly TimelineSegments[];
  readonly canAsk: () => boolean;
  readonly ask: (window: TimeWindow) => void;
  /** Another request, or none, is told. */
  readonly changed: (facts: RequestFacts | undefined) => void;
  readonly announce: (text: string) => void;
}

/** Finds the request that is asked for, and asks the host for what its life is told from. */
export interface Teller {
  readonly chosen: () => RequestFacts | undefined;
  /** Of a request that is known, or of the slowest of the shown serve that ended in a stretch of time. */
  readonly tell: (wanted: TimeWindow | RequestFacts) => void;
  /** The next late request; false where the requests around are not known, or hold none further on. */
  readonly step: (shown: Shown, cursor: number | null, direction: 1 | -1) => boolean;
  readonly forget: () => void;
  readonly answered: (shown: Shown, request: SegmentsRequest) => void;
  /** Draws the section anew, with another theme or after other results. */
  readonly showAgain: (shown: Shown) => void;
  readonly isAsking: () => boolean;
}

export function createTeller(parts: TellerParts): Teller {
  const { request } = parts;
  let chosen: RequestFacts | undefined;
  /** A request is looked for in here. */
  let searched: TimeWindow | undefined;
  let asked: TimeWindow[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;

  const serveIndex = (shown: Shown) => shown.run.serves.indexOf(shown.serve);
  const ask = (window: TimeWindow) => {
    asked.push(window);
    askedAt = performance.now();
    parts.ask(window);
  };
  const known = (shown: Shown, { startSeconds, endSeconds }: TimeWindow): TimelineRequests | undefined =>
    parts
      .looks(shown)
      .map((look) => look.requests)
      .find(
        (each) => each !== undefined && each.windowStartSeconds <= startSeconds && endSeconds <= each.windowEndSeconds,
      );
  const lifeIn = (shown: Shown, facts: RequestFacts): RequestLife => lifeOf(facts, parts.looks(shown));
  const choose = (shown: Shown, facts: RequestFacts) => {
    chosen = facts;
    searched = undefined;
    asked = [];
    askedAt = Number.NEGATIVE_INFINITY;
    const life = complete(shown);
    parts.changed(facts);
    if (life !== undefined) {
      parts.announce(
        `Request done at ${facts.endSeconds.toFixed(6)} s. ${storyLead(life, { serve: shown.serve.name, limitSeconds: lateAfter(shown), chips: 1, alone: true })}`,
      );
    }
  };
  /** Tells what is known, and asks for the rest. */
  const complete = (shown: Shown): RequestLife | undefined => {
    if (chosen === undefined) return undefined;
    const life = lifeIn(shown, chosen);
    request.show(shown, life);
    const missing = parts.canAsk() ? missingLook(life, asked) : undefined;
    if (missing !== undefined) ask(missing);
    return life;
  };
  const search = (shown: Shown, stretch: TimeWindow): boolean => {
    const requests = known(shown, stretch);
    if (requests === undefined) return false;
    const found = slowestBetween(requests, serveIndex(shown), stretch.startSeconds, stretch.endSeconds);
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
    tell: (wanted) => {
      const shown = parts.shown();
      if (shown === undefined) return;
      if ('arrivalSeconds' in wanted) {
        choose(shown, wanted);
        return;
      }
      if (search(shown, wanted) || !parts.canAsk()) return;
      chosen = undefined;
      searched = wanted;
      asked = [];
      request.show(shown, 'waiting');
      ask(wanted);
      setTimeout(() => {
        if (searched === wanted) giveUp(shown, 'The requests of this time could not be looked up');
      }, patienceMilliseconds);
    },
    step: (shown, cursor, direction) => {
      const limit = lateAfter(shown);
      if (limit === undefined || (chosen === undefined && cursor === null)) return false;
      const from = chosen ?? {
        endSeconds: cursor ?? 0,
        arrivalSeconds: direction > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      };
      for (const { requests } of parts.looks(shown)) {
        if (requests === undefined) continue;
        const { windowStartSeconds, windowEndSeconds } = requests;
        // A look tells of all requests that ended in its window, and of some that ended after it.
        if (from.endSeconds < windowStartSeconds || from.endSeconds > windowEndSeconds) continue;
        const next = nextLateRequest(requests, serveIndex(shown), limit, from, direction);
        if (next === undefined || next.endSeconds < windowStartSeconds || next.endSeconds > windowEndSeconds) continue;
        choose(shown, next);
        return true;
      }
      return false;
    },
    forget: () => {
      const shown = parts.shown();
      chosen = undefined;
      searched = undefined;
      asked = [];
      askedAt = Number.NEGATIVE_INFINITY;
      if (shown !== undefined) request.show(shown, undefined);
      parts.changed(undefined);
    },
    answered: (shown, answer) => {
      const ours = asked.some(
        (window) => window.startSeconds === answer.startSeconds && window.endSeconds === answer.endSeconds,
      );
      if (ours) askedAt = Number.NEGATIVE_INFINITY;
      if (searched !== undefined && ours) {
        const stretch = searched;
        if (search(shown, stretch)) return;
        // The look ends where its budget did: what of the stretch is known has to do.
        const [look] = parts.looks(shown);
        const end = look?.requests?.windowEndSeconds ?? 0;
        if (end > stretch.startSeconds) search(shown, { ...stretch, endSeconds: end });
        else giveUp(shown, 'The requests of this time could not be looked up');
      } else if (chosen !== undefined) complete(shown);
    },
    showAgain: (shown) => {
      if (chosen !== undefined) request.show(shown, lifeIn(shown, chosen));
    },
    isAsking: () => performance.now() - askedAt < patienceMilliseconds,
  };
}
