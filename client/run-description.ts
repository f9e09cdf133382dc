import {
  type Caveat,
  caveatHeading,
  caveatText,
  isOverloaded,
  overloadLabel,
  type RunResults,
  type RunUpdate,
  unpack,
} from '../protocol/index.ts';

/** The state of a run in a few words, and its explanation. */
interface Description {
  readonly text: string;
  readonly tooltip: string;
  readonly isError: boolean;
}

export function describeRun({ state, results }: RunUpdate): Description {
  switch (state.phase) {
    case 'empty':
      return {
        text: '$(circuit-board) no scenario',
        tooltip: `${state.name} declares no scenario to simulate`,
        isError: false,
      };
    case 'running':
      return { text: '$(sync~spin) simulating', tooltip: `Simulating ${state.name}`, isError: false };
    case 'preview':
      return {
        text: '$(sync~spin) preview',
        tooltip: `Simulating ${state.name} while a number changes`,
        isError: false,
      };
    case 'stale':
      return {
        text: '$(history) stale',
        tooltip: 'Results belong to an earlier text: save to simulate again',
        isError: false,
      };
    case 'cancelled':
      return { text: '$(circle-slash) cancelled', tooltip: 'The run was cancelled', isError: false };
    case 'rejected':
      return {
        text: '$(error) not run',
        tooltip: `Not run: ${state.problem?.message ?? 'the file has errors'}`,
        isError: false,
      };
    case 'failed':
      return { text: '$(bug) run failed', tooltip: state.problem?.message ?? 'The simulator failed', isError: true };
    case 'fresh':
      return describeVerdicts(results === null ? [] : unpack<RunResults>(results));
  }
}

function describeVerdicts(results: RunResults): Description {
  const outcomes = results.flatMap((result) => result.main.serves.flatMap((serve) => serve.slos));
  const count = (verdict: string): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const violated = count('violated');
  const undecided = count('undecided');
  const overloaded = outcomes.find(isOverloaded);
  const caveats = results.flatMap(({ main }) => main.caveats);
  const open = [...caveatListOf(caveats), 'Open the panel'].join('\n');
  if (outcomes.length === 0) return { text: '$(check) simulated', tooltip: 'No SLO is stated', isError: false };
  if (violated > 0) {
    const counted = `${violated} of ${outcomes.length} SLOs violated`;
    return overloaded === undefined
      ? { text: `$(error) ${counted}`, tooltip: open, isError: true }
      : { text: `$(error) ${overloadLabel(overloaded)}`, tooltip: `${counted}. ${open}`, isError: true };
  }
  if (undecided > 0) {
    return {
      text: `$(question) ${undecided} of ${outcomes.length} SLOs undecided`,
      tooltip: open,
      isError: false,
    };
  }
  return {
    text: `$(check) ${outcomes.length === 1 ? 'SLO met' : `${outcomes.length} SLOs met`}${caveats.length === 0 ? '' : ', with caveats'}`,
    tooltip: open,
    isError: false,
  };
}

/** The caveats as lines of a tooltip. */
function caveatListOf(caveats: readonly Caveat[]): readonly string[] {
  return caveats.length === 0
    ? []
    : [`${caveatHeading(caveats)}:`, ...caveats.map((caveat) => `- ${caveatText(caveat)}`)];
}
