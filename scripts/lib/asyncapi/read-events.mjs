import ts from 'typescript';

/**
 * One event of the map: its name, what its docstring says, the type of its payload and that of its acknowledgement (`T` of `Ack<T>`), as
 * source text; `result` is undefined for an event that is not acknowledged.
 */
const eventOf = (member, source) => {
  const [payload, ack] = member.type.parameters;
  const result = ack?.type.parameters[0].type;
  if (result !== undefined && result.typeName?.getText(source) !== 'Ack') {
    throw new Error(`The acknowledgement of ${member.name.getText(source)} is no Ack<…>.`);
  }
  return {
    name: member.name.text,
    description: ts
      .getJSDocCommentsAndTags(member)
      .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
      .join(' '),
    payload: payload.type.getText(source),
    result: result?.typeArguments[0].getText(source),
  };
};

/** The events of one direction, in the order of the file. @param text of socket-events.ts @param map name of the interface */
export function readEvents(text, map) {
  const source = ts.createSourceFile('socket-events.ts', text, ts.ScriptTarget.Latest, true);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === map);
  if (found === undefined) throw new Error(`There is no interface ${map}.`);
  return found.members.map((member) => eventOf(member, source));
}
