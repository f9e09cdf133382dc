import { expect, test } from 'vitest';
import { compile } from '../../language/index.ts';
import { costModel } from '../../simulator/index.ts';
import { fileUri, testHost } from '../language/host.ts';
import { libraryModel } from './count.ts';

/** The gains of docs/hardware.md. Measured: NVIDIA/Deep-Learning-Accelerator-SW, README, SSD-ResNet-34, sparse over dense. */
test.each([
  ['OrinDla', 1.29, 1.24],
  ['OrinDla15W', 1.31, 1.36],
])('%s gains %f with sparse weights where %f was measured', (name, ours, measured) => {
  const { design } = compile(fileUri('library/stimpack/orin-dla.npu'), testHost());
  const chip = design.npus.find((npu) => npu.name === name);
  if (chip === undefined) throw new Error(`no chip ${name}`);
  const model = libraryModel('ssd-resnet34', 'SsdResNet34');
  const seconds = (sparsity: { readonly sparsity?: 'two-of-four' }) =>
    costModel(chip, { ...model, ...sparsity }, 'base', 1).seconds;
  const gain = seconds({}) / seconds({ sparsity: 'two-of-four' });
  expect(gain).toBeCloseTo(ours, 2);
  expect(Math.abs(gain / measured - 1)).toBeLessThan(0.05);
});
