import type { SegmentsRequest } from '../../protocol/index.ts';
import { wantedDetail } from '../model/detail.ts';
import type { PanelModel } from '../model/panel-model.ts';
import type { Transport } from './transport.ts';

/** A time window that has not moved for this long is worth finer segments. */
const restMilliseconds = 150;

/** Requests finer segments from the host once the time window rests. */
export interface DetailRequests {
  /** Starts the wait again. */
  readonly ask: () => void;
  /** There are other results: the same request may be sent again. */
  readonly forget: () => void;
}

/** `isBlocked`: the host answers only the newest request, so a search for one request goes first. */
export function createDetailRequests(
  model: PanelModel,
  transport: Transport,
  isBlocked: () => boolean,
): DetailRequests {
  let sent: SegmentsRequest | undefined;
  let pending: ReturnType<typeof setTimeout> | undefined;
  const send = () => {
    const { shown, state } = model;
    if (shown === undefined || state === null || !transport.hasHost || isBlocked()) return;
    const wanted = wantedDetail(shown, state.uri, state.hash);
    if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(sent)) return;
    sent = wanted;
    transport.send({ type: 'segments', request: wanted });
  };
  return {
    ask: () => {
      clearTimeout(pending);
      pending = setTimeout(send, restMilliseconds);
    },
    forget: () => {
      sent = undefined;
    },
  };
}
