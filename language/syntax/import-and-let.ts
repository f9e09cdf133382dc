import { syntaxMessages } from '../messages/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression, parsePath, parseText } from './expressions.ts';
import type { Expression, Import, Let, Name } from './nodes.ts';
import { replaceToken } from './words.ts';

export function parseImport(cursor: Cursor): Import {
  const keyword = cursor.name();
  if (cursor.at('string') && !cursor.newLine()) {
    const path = parseText(cursor);
    return { kind: 'import', start: keyword.start, end: cursor.previousEnd, keyword, path };
  }
  if (!cursor.newLine() && cursor.at('name')) {
    const path = parsePath(cursor);
    const written = cursor.text.slice(path.start, path.end);
    cursor.error(syntaxMessages.unquotedImport(), path.start, path.end, {
      fixes: [
        {
          title: 'Insert quotes',
          edits: [{ origin: { uri: cursor.uri, start: path.start, end: path.end }, newText: `"${written}"` }],
          preferred: true,
        },
      ],
    });
    return { kind: 'import', start: keyword.start, end: cursor.previousEnd, keyword, path: undefined };
  }
  cursor.error(syntaxMessages.missingImportName(), keyword.start, keyword.end);
  return { kind: 'import', start: keyword.start, end: cursor.previousEnd, keyword, path: undefined };
}

export function parseLet(cursor: Cursor): Let {
  const keyword = cursor.name();
  let name: Name | undefined;
  if (cursor.at('name') && !cursor.newLine()) name = cursor.name();
  else cursor.error(syntaxMessages.missingLetName(), keyword.start, keyword.end);
  let value: Expression;
  if (cursor.at('=') && !cursor.newLine()) {
    cursor.advance();
    value = parseExpression(cursor, "after '='");
  } else if (cursor.at(':') && !cursor.newLine()) {
    cursor.error(syntaxMessages.colonInLet(), cursor.start(), cursor.end(), {
      fixes: [replaceToken(cursor, '=', "Replace ':' by '='")],
    });
    cursor.advance();
    value = parseExpression(cursor, "after ':'");
  } else {
    const place = name ?? keyword;
    cursor.error(syntaxMessages.missingLetValue({ name: place.text }), place.start, place.end);
    value = { kind: 'missing', start: cursor.previousEnd, end: cursor.previousEnd };
  }
  return { kind: 'let', start: keyword.start, end: cursor.previousEnd, keyword, name, value };
}
