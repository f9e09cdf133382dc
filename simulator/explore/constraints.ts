import {
  areaGap,
  chipArea,
  chipKinds,
  type ExplorationConstraint,
  type ExplorationMeasure,
  exclusionText,
  goalMeasure,
  isLowerLimit,
  type Scenario,
} from '../../design/index.ts';
import { areaOf, chipsOf } from './measured.ts';

/** Whether a measure is a property of the design, which needs no run. */
export function isKnownBefore(measure: ExplorationMeasure): boolean {
  return measure === 'area' || measure === 'chips';
}

/** The constraint that excludes a design without a run of it. */
export function excludedBefore(constraints: readonly ExplorationConstraint[], scenario: Scenario): string | undefined {
  for (const constraint of constraints) {
    if (!isKnownBefore(constraint.measure)) continue;
    const value = constraint.measure === 'area' ? areaOf(scenario) : chipsOf(scenario);
    const problem = exclusionOf(constraint, value, scenario);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * The reason why a value excludes a design, or why a limit cannot be checked. The measured value alone decides: its confidence interval belongs to
 * objectives. undefined: the value keeps to the limit.
 */
export function exclusionOf(constraint: ExplorationConstraint, value: number, scenario: Scenario): string | undefined {
  const { measure, limit } = constraint;
  if (Number.isNaN(value)) return unknownText(constraint, scenario);
  const isBeyond = isLowerLimit(measure) ? value < limit : value > limit;
  return isBeyond ? exclusionText(constraint) : undefined;
}

function unknownText(constraint: ExplorationConstraint, scenario: Scenario): string {
  const kinds = chipKinds(scenario).map(({ npu }) => npu);
  const npu = kinds.find((one) => chipArea(one) === null) ?? scenario.npu;
  const { measure, text } = constraint;
  switch (measure) {
    case 'area':
      return `The area of npu '${npu.name}' is not known, so '${text}' cannot be checked: there is no figure for ${areaGap(npu)}.`;
    case 'power':
      return `The power of npu '${npu.name}' is not known, so '${text}' cannot be checked.`;
    case 'capacity':
      return `${exclusionText(constraint)}: no load that was tried meets all objectives`;
    default:
      return `The run has no value for ${goalMeasure(measure).name}, so '${text}' cannot be checked.`;
  }
}
