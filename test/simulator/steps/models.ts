import type { Model } from '../../../design/index.ts';
import { compile } from '../../../language/index.ts';
import { testHost } from '../../language/host.ts';

/** The only model of a text; a mistake in the test if it has errors. */
export function modelOf(text: string): Model {
  const uri = 'file:///model.npu';
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  const [model] = design.models;
  if (problem !== undefined || model === undefined) throw new Error(problem?.message ?? 'no model');
  return model;
}

/** Parts of a decoder that differ between the tests. */
interface DecoderText {
  readonly layers?: number;
  readonly attention?: string;
  readonly feedForward?: string;
}

/** Llama-3.1-8B with 8 of its 32 layers: the error of a whole step does not depend on the number of equal layers. */
export function decoder({ layers = 8, attention = '', feedForward = 'width: 14336' }: DecoderText = {}): Model {
  return modelOf(`model Decoder {
    input: tokens
    layers {
      embedding { rows: 128256, width: 4096 }
      repeat ${layers} {
        residual { rmsnorm, attention { heads: 32, key-value-heads: 8, cache: yes, rotary: yes, bias: no ${attention} } }
        residual { rmsnorm, feed-forward { ${feedForward} } }
      }
      last-token
      rmsnorm
      dense { outputs: 128256, bias: no }
    }
  }`);
}
