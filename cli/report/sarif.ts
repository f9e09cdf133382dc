import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, diagnosticCodes, type Origin, type Severity, shownMessage } from '../../design/index.ts';
import type { Json } from '../json/document.ts';
import type { Sources } from '../source-text.ts';
import { version } from '../version.ts';
import { allDiagnostics, type CommandReport, placeOf } from './file-report.ts';

type JsonObject = { readonly [key: string]: Json };

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** SARIF 2.1.0 (OASIS, 2020), which code scanning of GitHub and many editors read. */
export function sarifReport(report: CommandReport, exitCode: number): string {
  const { files, sources } = report;
  const diagnostics = allDiagnostics(report);
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const complaints = files.flatMap((file) => file.complaints);
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Stimpack',
            ...(/^\d+\.\d+\.\d+/u.test(version) ? { semanticVersion: version } : {}),
            rules: codes.map((id) => ({
              id,
              shortDescription: { text: diagnosticCodes[id].title },
              help: { text: `stimpack explain ${id}` },
              defaultConfiguration: { level: levels[diagnosticCodes[id].severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: complaints.length === 0,
            exitCode,
            toolExecutionNotifications: complaints.map(({ code, message, file }) => ({
              level: 'error',
              descriptor: { id: code },
              message: { text: message },
              ...(file === undefined ? {} : { locations: [{ physicalLocation: artifact(file) }] }),
            })),
          },
        ],
        results: diagnostics.map((each) => resultOf(each, codes.indexOf(each.code), sources)),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function resultOf(diagnostic: Diagnostic, ruleIndex: number, sources: Sources): JsonObject {
  const { code, severity, message, origin, related = [], fixes = [] } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: shownMessage(message) },
    locations: [locationOf(origin, sources)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((each, id) => ({
            id,
            ...locationOf(each.origin, sources),
            message: { text: shownMessage(each.message) },
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.flatMap((fix) => fixOf(fix, sources)) }),
  };
}

/** A fix needs the text of every file that it changes. */
function fixOf(fix: NonNullable<Diagnostic['fixes']>[number], sources: Sources): readonly JsonObject[] {
  const changes = fix.edits.flatMap(({ origin, newText }) => {
    const region = regionOf(origin, sources);
    if (region === undefined) return [];
    const change: JsonObject = {
      ...artifact(sources.nameOf(origin.uri)),
      replacements: [{ deletedRegion: region, insertedContent: { text: newText } }],
    };
    return [change];
  });
  return changes.length === fix.edits.length
    ? [{ description: { text: shownMessage(fix.title) }, artifactChanges: changes }]
    : [];
}

function locationOf(origin: Origin, sources: Sources): JsonObject {
  const region = regionOf(origin, sources);
  return {
    physicalLocation: { ...artifact(sources.nameOf(origin.uri)), ...(region === undefined ? {} : { region }) },
  };
}

function regionOf(origin: Origin, sources: Sources): JsonObject | undefined {
  const place = placeOf(origin, sources);
  if (place === undefined) return undefined;
  const { start, end } = place;
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A relative name stays relative, because GitHub expects names from the root of the repository, where the program then runs. */
function artifact(name: string): JsonObject {
  // Windows allows half of a surrogate pair in a name, and a URI does not.
  const wellFormed = name.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  const uri = isAbsolute(name)
    ? pathToFileURL(wellFormed).href
    : wellFormed.split(/[/\\]/u).map(encodeURIComponent).join('/');
  return { artifactLocation: { uri } };
}
