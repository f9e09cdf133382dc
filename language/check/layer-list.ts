import { type Layer, type Origin, type Shape, weightElementsOf } from '../../design/index.ts';
import { layerMessages } from '../messages/index.ts';
import type { Budget } from './budget.ts';
import { type Place, type Port, portsNamed } from './labels.ts';
import { LayerNames } from './layer-names.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/** The layers of a network that are built so far, in order. A layer refers to its inputs by their index. */
export class LayerList {
  readonly names = new LayerNames();
  private readonly built: Layer[] = [];
  private readonly reporter: Reporter;
  private readonly budget: Budget;

  constructor(reporter: Reporter, budget: Budget) {
    this.reporter = reporter;
    this.budget = budget;
  }

  get layers(): readonly Layer[] {
    return this.built;
  }

  /** Adds a layer and returns its output. `sharesWeightsOf` is the index of the layer that has the weights. */
  push(
    name: string,
    operation: Layer['operation'],
    ports: readonly Port[],
    outputShape: Shape,
    origin: Origin,
    sharesWeightsOf?: number,
  ): Port {
    const known = ports.filter((port) => port !== undefined);
    this.budget.countLayer(name);
    this.built.push({
      name,
      operation,
      inputs: known.map((port) => port.index),
      inputShapes: known.map((port) => port.shape),
      outputShape,
      ...(sharesWeightsOf === undefined ? {} : { sharesWeightsOf }),
      origin,
    });
    return { index: this.built.length - 1, shape: outputShape };
  }

  /** The layer that `weights: label` refers to. 'problem' if this layer cannot share its weights, which is reported. */
  sharedWeights(
    settings: Settings,
    operation: Layer['operation'],
    shapes: readonly Shape[],
    output: Shape,
    place: Place,
  ): number | undefined | 'problem' {
    const written = settings.has('weights') ? settings.syntax('weights') : undefined;
    if (written === undefined) return undefined;
    const ports = portsNamed(written, place, this.reporter);
    const [port] = ports;
    if (port === undefined) return 'problem';
    const named = this.built[port.index];
    const index = named?.sharesWeightsOf ?? port.index;
    const owner = this.built[index];
    const origin = settings.origin('weights');
    if (ports.length > 1 || owner === undefined) {
      this.reporter.report(origin, layerMessages.notOneOwner());
      return 'problem';
    }
    const own = weightElementsOf(operation, shapes, output);
    const theirs = weightElementsOf(owner.operation, owner.inputShapes, owner.outputShape);
    if (own === theirs) return index;
    const { keyword } = settings.schema;
    this.reporter.report(origin, layerMessages.otherWeights({ keyword, own, owner: owner.name, theirs }));
    return 'problem';
  }
}
