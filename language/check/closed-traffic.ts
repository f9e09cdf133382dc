import { assertNever, followsChips, type Scheduler, type Serve } from '../../design/index.ts';
import { scenarioMessages } from '../messages/index.ts';
import type { Reporter } from './reporter.ts';

/* Traffic whose pace the chips set: closed loops, and requests that all wait from the start. */

/** Whether all requests of a serve wait from the start. */
export function isOffline(serves: readonly Serve[]): boolean {
  return serves.some(({ arrivals }) => arrivals.kind === 'trace' && arrivals.offline === true);
}

/** Reports traffic that follows the chips beside other traffic, and what cannot work with it. `schedulers`: of the scenario and its variants. */
export function checkClosedTraffic(
  serves: readonly Serve[],
  schedulers: readonly Scheduler[],
  reporter: Reporter,
): boolean {
  const own = serves.find(({ arrivals }) => followsChips(arrivals));
  if (own === undefined) return true;
  const before = reporter.count;
  for (const { name, arrivals, batch } of serves) {
    if (paceOf(arrivals) !== paceOf(own.arrivals)) {
      reporter.report(arrivals.origin, scenarioMessages.mixedPaces({ own: own.name, other: name }));
    }
    if (arrivals.kind !== 'closed') continue;
    const { requestsPerQuery } = arrivals;
    if (requestsPerQuery > batch.maxSize) {
      const message = scenarioMessages.queryLargerThanBatch({ requests: requestsPerQuery, max: batch.maxSize });
      reporter.report(arrivals.origin, message);
    }
    const seer = schedulers.find(({ burst }) => burst.kind === 'oracle');
    if (seer !== undefined) reporter.report(arrivals.origin, scenarioMessages.oracleOfLoop({ scheduler: seer.name }));
  }
  return reporter.count === before;
}

function paceOf(arrivals: Serve['arrivals']): 'open' | 'closed' | 'offline' {
  switch (arrivals.kind) {
    case 'closed':
      return 'closed';
    case 'trace':
      return arrivals.offline === true ? 'offline' : 'open';
    case 'poisson':
    case 'constant':
    case 'bursty':
    case 'diurnal':
    case 'loadgen':
      return 'open';
    default:
      return assertNever(arrivals);
  }
}
