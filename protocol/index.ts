export type * from '../design/index.ts';
export {
  activities,
  assertNever,
  bounds,
  breakdownParts,
  caveatHeading,
  caveatRemark,
  caveatSummary,
  caveatText,
  comparedTexts,
  exploredVerdicts,
  formatBytes,
  formatNumber,
  formatPercent,
  formatPercentileSeconds,
  formatQuantity,
  formatRate,
  formatSeconds,
  openSummary,
  percentileName,
  recordingText,
  shareText,
  sloDistance,
  sloFinding,
  sloName,
  sloValue,
  undecidedText,
} from '../design/index.ts';
export * from './columns.ts';
export * from './objectives.ts';
export * from './panel-html.ts';
export * from './panel-messages.ts';
export * from './run-state.ts';
export * from './served-schemes.ts';
export * from './server-messages.ts';
export * from './server-process.ts';
export * from './standalone-page.ts';
