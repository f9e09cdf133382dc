export type * from '../design/index.ts';
export {
  activities,
  assertNever,
  backlogText,
  breakdownParts,
  caveatHeading,
  caveatRemark,
  caveatSummary,
  caveatText,
  chipAreaText,
  chipNames,
  comparedTexts,
  designsToTry,
  distinctTexts,
  escapeMarkup,
  exploredVerdicts,
  formatArea,
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
  formatPercentileSeconds,
  formatQuantity,
  formatRate,
  formatSeconds,
  goalMeasure,
  goalText,
  isExclusion,
  isOverloaded,
  lastingOverload,
  measures,
  measureText,
  noVerdictMark,
  offChipName,
  openSummary,
  overloadLabel,
  percentileName,
  pointsText,
  recordingText,
  runVerdict,
  serveVerdict,
  shareText,
  sloDistance,
  sloFinding,
  sloName,
  sloValue,
  stageLabel,
  stageName,
  statedHeading,
  statedSummary,
  timeShareText,
  tokenCauses,
  undecidedText,
  valueChangeText,
  verdictMarks,
  writeCsv,
} from '../design/index.ts';
export * from './client-files.ts';
export * from './columns.ts';
export * from './early-verdicts.ts';
export * from './number-changes.ts';
export * from './number-step.ts';
export * from './objectives.ts';
export * from './panel-html.ts';
export * from './panel-messages.ts';
export * from './run-figures.ts';
export * from './run-history.ts';
export * from './run-state.ts';
export * from './served-schemes.ts';
export * from './server-messages.ts';
export * from './server-process.ts';
export * from './standalone-page.ts';
export * from './starter-design.ts';
