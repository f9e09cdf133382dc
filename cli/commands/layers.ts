import { assumptionText, chipKinds, type Mode } from '../../design/index.ts';
import { choose } from '../choose.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readSettings, setOption } from '../input/settings.ts';
import { costJson, layersCsv } from '../json/cost.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { renderDocument } from '../json/document.ts';
import { openDesign } from '../open-design.ts';
import { renderLayersReport } from '../render/layers-report.ts';

export const layersCommand: Command = {
  name: 'layers',
  summary: 'show the cost of each layer on a chip, and what bounds it',
  description:
    'Computes the cost of a network layer by layer in the steady state: the cycles of the arrays, the vector unit and the memories, and ' +
    'which of them bounds the layer. --model and --npu are needed only if the file has several networks or chips.',
  positional: { name: 'FILE', many: false, help: 'a .npu file' },
  options: [
    { name: 'model', short: 'm', value: 'M', help: 'the network' },
    { name: 'npu', short: 'n', value: 'N', help: 'the chip' },
    { name: 'mode', value: 'base|burst', choices: ['base', 'burst'], help: 'the mode of the chip; base by default' },
    { name: 'batch', short: 'b', value: 'B', help: 'requests in a batch; 1 by default' },
    setOption,
    formatOption('text', 'json', 'csv'),
  ],
  examples: [
    'stimpack layers examples/rush.npu --model ResNet50 --npu Stimpack',
    'stimpack layers examples/rush.npu -m ResNet50 -n Stimpack --mode burst --batch 8 --format csv',
  ],
  run: layers,
};

/** As `batch { max }` of a served model. With a larger batch, cycles would no longer be exact integers. */
const largestBatch = 4096;

async function layers(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal, engine } = context;
  const { options } = invocation;
  const format = options.get('format') ?? 'text';
  const json = format === 'json';
  const [name = ''] = invocation.positionals;
  const refuse = (complaint: Complaint): ExitCode => complain('layers', json, complaint, terminal);

  const batch = Number(options.get('batch') ?? '1');
  if (!Number.isInteger(batch) || batch < 1 || batch > largestBatch) {
    return refuse({
      code: 'usage',
      message: `'--batch' is a whole number from 1 to ${largestBatch}, not '${options.get('batch') ?? ''}'`,
    });
  }
  const settings = readSettings(invocation.lists.get('set') ?? []);
  if ('code' in settings) return refuse(settings);
  const opened = await openDesign('layers', name, json, context, { settings });
  if (typeof opened === 'number') return opened;
  const { design, uri } = opened;
  const here = design.scenarios.filter((scenario) => scenario.origin.uri === uri);

  const served = here.flatMap((scenario) => scenario.serves.map((serve) => serve.model));
  const ownModels = design.models.filter((model) => model.origin.uri === uri);
  const model = choose('model', '--model', options.get('model'), design.models, served.length > 0 ? served : ownModels);
  if (model.kind === 'none') return refuse({ code: 'unknown-model', message: model.message, file: name });

  const used = here.flatMap((scenario) => chipKinds(scenario).map((kind) => kind.npu));
  const ownNpus = design.npus.filter((npu) => npu.origin.uri === uri);
  const npu = choose('NPU', '--npu', options.get('npu'), design.npus, used.length > 0 ? used : ownNpus);
  if (npu.kind === 'none') return refuse({ code: 'unknown-npu', message: npu.message, file: name });

  const mode: Mode = options.get('mode') === 'burst' ? 'burst' : 'base';
  if (mode === 'burst' && npu.value.burst === null) {
    const message = `${npu.value.name} has no burst mode; declare one: mode burst { precision: int8, packing: reduction }`;
    return refuse({ code: 'no-burst-mode', message, file: name });
  }
  const cost = engine.costModel(npu.value, model.value, mode, batch);
  const assumptions = (model.value.assumptions ?? []).map(assumptionText);
  if (format === 'csv') terminal.out(layersCsv(cost));
  else if (json) {
    const diagnostics = opened.diagnostics.map((each) => diagnosticJson(each, opened.sources));
    terminal.out(renderDocument('layers', exitCodes.ok, { file: name, ...costJson(cost), assumptions, diagnostics }));
  } else {
    terminal.out(renderLayersReport(cost, terminal.look));
    if (assumptions.length > 0) terminal.out(`You assume: ${assumptions.join('; ')}.\n`);
  }
  return exitCodes.ok;
}
