import type { Model, Npu, Scheduler } from '../../design/index.ts';
import type { BlockReader } from './blocks.ts';
import type { Declaration } from './checked-file.ts';
import type { Imports } from './imports.ts';

/** What a scenario needs from the rest of the checker. */
export interface ScenarioContext {
  readonly reader: BlockReader;
  readonly imports: Pick<Imports, 'trace'>;
  npu(declaration: Declaration): Npu | undefined;
  model(declaration: Declaration): Model | undefined;
  scheduler(declaration: Declaration): Scheduler | undefined;
}
