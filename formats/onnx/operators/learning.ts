import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { normalAxis, product, withSpatial } from '../value.ts';
import { dense } from './linear.ts';
import { samePlace } from './normalization.ts';
import { moved } from './selection.ts';

/*
 * Operators of classical machine learning (ONNX, domain ai.onnx.ml), as exporters of scikit-learn write them. Support vectors and trees are
 * errors.
 */

const noInput = 'its input is missing or constant';

/** One operation for each element. */
function eachElement(node: NodeReader): Outcome {
  const value = node.activation(0);
  return value === undefined ? noInput : [samePlace(node, { kind: 'activation', function: 'other' }, value)];
}

/** The product with the attribute `coefficients`, the sum with `intercepts`, and the function in `post_transform`. */
function linearModel(node: NodeReader, outputs: number): Outcome {
  const value = node.activation(0);
  if (value === undefined) return noInput;
  const features = value.dims.at(-1) ?? 1;
  const coefficients = node.floats('coefficients').length;
  if (coefficients !== features * outputs)
    return `${coefficients} coefficients do not fit ${features} features and ${outputs} outputs`;
  const outcome = dense(node, value, features, outputs, node.floats('intercepts').length > 0);
  const made = typeof outcome === 'string' ? undefined : outcome[0];
  const transform = node.text('post_transform');
  if (made?.kind !== 'activation' || transform === '' || transform === 'NONE') return outcome;
  return transform.startsWith('SOFTMAX')
    ? [samePlace(node, { kind: 'softmax' }, made)]
    : [samePlace(node, { kind: 'activation', function: transform === 'LOGISTIC' ? 'sigmoid' : 'other' }, made)];
}

/** The label with the largest score, and the scores. With one row of coefficients, two labels share it. */
function linearClassifier(node: NodeReader): Outcome {
  const features = node.activation(0)?.dims.at(-1) ?? 1;
  const outcome = linearModel(node, Math.max(1, Math.round(node.floats('coefficients').length / features)));
  const scores = typeof outcome === 'string' ? undefined : outcome[0];
  if (scores?.kind !== 'activation') return outcome;
  return [moved(node, scores, scores.dims.slice(0, -1)), scores];
}

/** ArrayFeatureExtractor: chosen elements of the last axis. */
function extractFeatures(node: NodeReader): Outcome {
  const value = node.input(0);
  const places = node.input(1);
  const computed = node.activation(0) ?? node.activation(1);
  if (value === undefined || places === undefined || computed === undefined) return noInput;
  const rows = value.dims.length < 2 ? [1] : value.dims.slice(0, -1);
  return [moved(node, computed, [...rows, product(places.dims)])];
}

/** FeatureVectorizer: joins the columns of its inputs. */
function joinFeatures(node: NodeReader): Outcome {
  const first = node.activation(0);
  if (first === undefined) return noInput;
  const values = node.node.inputs.map((_, index) => node.input(index));
  const columns = values.reduce((sum, value) => sum + (value?.dims.at(-1) ?? 0), 0);
  const axis = normalAxis(-1, first.dims.length) ?? 0;
  const reads = values.flatMap((value) =>
    value?.kind === 'activation' ? [node.importer.read(withSpatial(value, 0))] : [],
  );
  const output = { dims: first.dims.with(axis, columns), batchAxis: first.batchAxis, spatial: 0 };
  return [node.layer({ kind: 'concat', axis: -1 }, reads, output)];
}

/** Passes scores on: a runtime wraps them in a dictionary of labels. */
function pass(node: NodeReader): Outcome {
  const value = node.input(0);
  return value === undefined ? noInput : [value];
}

export const learningReaders: Readonly<Record<string, OperatorReader>> = {
  ArrayFeatureExtractor: extractFeatures,
  Binarizer: eachElement,
  FeatureVectorizer: joinFeatures,
  Imputer: eachElement,
  LabelEncoder: eachElement,
  LinearClassifier: linearClassifier,
  LinearRegressor: (node) => linearModel(node, node.int('targets', 1)),
  Normalizer: (node) => {
    const value = node.activation(0);
    return value === undefined
      ? noInput
      : [samePlace(node, { kind: 'normalization', normalization: 'rms', folded: false }, value)];
  },
  Scaler: eachElement,
  ZipMap: pass,
};
