import type { PanelModel } from '../model/panel-model.ts';
import { askedNow } from '../model/sweep/asked.ts';
import type { ExploreView } from '../model/sweep/explore-view.ts';
import { initialExploreView } from '../model/sweep/explore-view.ts';
import type { ViewState } from '../model/view-state.ts';
import type { Work } from './scheduler.ts';
import type { Transport } from './transport.ts';

/** What a person can do with the explorations of a document. */
export interface SweepActions {
  /** Shows an exploration in place of the scenarios. */
  readonly pick: (exploration: string) => void;
  /** Starts it. */
  readonly ask: (exploration: string) => void;
  /** Changes how the shown exploration is displayed. */
  readonly change: (view: Partial<ExploreView>) => void;
}

export interface SweepActionParts {
  readonly model: PanelModel;
  readonly transport: Transport;
  readonly changeView: (view: ViewState, work: Work) => void;
  readonly showExplorations: () => void;
}

export function createSweepActions({ model, transport, changeView, showExplorations }: SweepActionParts): SweepActions {
  return {
    pick: (name) => {
      const { view } = model;
      // Axes and filters chosen for one exploration do not apply to another.
      const explore = name === view.exploration ? view.explore : initialExploreView;
      changeView({ ...view, exploration: name, explore }, 'show');
    },
    ask: (exploration) => {
      const { state } = model;
      if (state === null) return;
      const request = { uri: state.uri, hash: state.hash, exploration };
      model.asked.set(exploration, askedNow(request));
      transport.send({ type: 'explore', request });
      showExplorations();
    },
    change: (part) => changeView({ ...model.view, explore: { ...model.view.explore, ...part } }, 'show'),
  };
}
