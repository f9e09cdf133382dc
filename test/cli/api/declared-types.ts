import ts from 'typescript';

/*
 * Compares a value with a type in the text of a TypeScript file: the kinds of types that cli/api/results.ts uses. The compiler cannot do it, because
 * the values are made as JSON.
 */

type Problems = string[];

/** The differences between a value and the interface with this name, each with its path. A key that the interface does not have is one. */
export function differencesFrom(text: string, name: string, value: unknown): readonly string[] {
  const file = ts.createSourceFile('types.ts', text, ts.ScriptTarget.Latest, true);
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  const aliases = new Map<string, ts.TypeNode>();
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement)) interfaces.set(statement.name.text, statement);
    if (ts.isTypeAliasDeclaration(statement)) aliases.set(statement.name.text, statement.type);
  }

  const membersOf = (declared: ts.InterfaceDeclaration): readonly ts.TypeElement[] => {
    const parents = (declared.heritageClauses ?? []).flatMap(({ types }) => types.map((type) => type.getText()));
    return [...parents.flatMap((parent) => membersOf(known(parent))), ...declared.members];
  };
  const known = (wanted: string): ts.InterfaceDeclaration => {
    const found = interfaces.get(wanted);
    if (found === undefined) throw new Error(`no interface ${wanted}`);
    return found;
  };

  const compareObject = (members: readonly ts.TypeElement[], given: unknown, path: string): Problems => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return [`${path} is no object`];
    const problems: Problems = [];
    const left = new Map(Object.entries(given));
    const patterns: (readonly [RegExp, ts.TypeNode])[] = [];
    for (const member of members) {
      if (ts.isIndexSignatureDeclaration(member)) {
        const [parameter] = member.parameters;
        patterns.push([keyPattern(parameter?.type?.getText() ?? ''), member.type]);
        continue;
      }
      if (!ts.isPropertySignature(member) || member.type === undefined) throw new Error(member.getText());
      const key = member.name.getText();
      const isMissing = !left.has(key);
      if (!isMissing) problems.push(...compare(member.type, left.get(key), `${path}.${key}`));
      else if (member.questionToken === undefined) problems.push(`${path}.${key} is missing`);
      left.delete(key);
    }
    for (const [key, rest] of left) {
      const type = patterns.find(([pattern]) => pattern.test(key))?.[1];
      if (type === undefined) problems.push(`${path}.${key} is not declared`);
      else problems.push(...compare(type, rest, `${path}.${key}`));
    }
    return problems;
  };

  const compare = (type: ts.TypeNode, given: unknown, path: string): Problems => {
    if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) return compare(type.type, given, path);
    if (ts.isUnionTypeNode(type)) {
      const each = type.types.map((one) => compare(one, given, path));
      return each.find((problems) => problems.length === 0) ?? each[0] ?? [];
    }
    if (ts.isArrayTypeNode(type)) {
      if (!Array.isArray(given)) return [`${path} is no array`];
      return given.flatMap((one, index) => compare(type.elementType, one, `${path}[${index}]`));
    }
    if (ts.isTypeLiteralNode(type)) return compareObject(type.members, given, path);
    const text = type.getText();
    const alias = aliases.get(text);
    if (alias !== undefined) return compare(alias, given, path);
    if (ts.isTypeReferenceNode(type)) return compareObject(membersOf(known(text)), given, path);
    if (text === 'unknown') return [];
    const isEqual = text.startsWith("'")
      ? given === text.slice(1, -1)
      : text === (given === null ? 'null' : typeof given);
    return isEqual ? [] : [`${path} is ${JSON.stringify(given)}, not ${text}`];
  };
  return compareObject(membersOf(known(name)), value, name);
}

/** The keys of an index signature: `string`, or templates such as `${string}Seconds`. */
function keyPattern(text: string): RegExp {
  const templates = text.split('|').flatMap((one) => /`(.*)`/u.exec(one)?.[1] ?? []);
  return templates.length === 0
    ? /^/u
    : new RegExp(`^(${templates.join('|').replaceAll(/\$\{string\}/gu, '.*')})$`, 'u');
}
