import type { PanelModel } from '../model/panel-model.ts';
import { keepPin } from '../model/pin.ts';
import type { Transport } from './transport.ts';

/** The page sends the view to the host when it has not changed for this long. */
const restMilliseconds = 150;

/** Saves the view: in the page at once, and in the host after a short pause. */
export function createViewKeeper(model: PanelModel, transport: Transport): { readonly save: () => void } {
  let pending: ReturnType<typeof setTimeout> | undefined;
  return {
    save: () => {
      const pin = model.pin === undefined ? null : keepPin(model.pin);
      const state = { ...model.view, savedAt: Date.now(), pin };
      transport.saveState(state);
      clearTimeout(pending);
      pending = setTimeout(() => transport.send({ type: 'keep', state }), restMilliseconds);
    },
  };
}
