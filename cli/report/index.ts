import { assertNever } from '../../design/index.ts';
import type { CommandReport, ReportFormat } from './file-report.ts';
import { githubReport } from './github.ts';
import { junitReport } from './junit.ts';
import { sarifReport } from './sarif.ts';

export {
  type CommandReport,
  eachOnce,
  type FileReport,
  isReportFormat,
  type Outcome,
  type ReportFormat,
  reportFormats,
  unnamedFiles,
} from './file-report.ts';

/** A report in a format that another program reads. */
export function renderReport(report: CommandReport, format: ReportFormat, exitCode: number): string {
  switch (format) {
    case 'junit':
      return junitReport(report);
    case 'sarif':
      return sarifReport(report, exitCode);
    case 'github':
      return githubReport(report);
    default:
      return assertNever(format);
  }
}
