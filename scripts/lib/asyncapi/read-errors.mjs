import ts from 'typescript';

/** What a text says; `…` stands for what is known only when it is said. */
const textOf = (node) =>
  ts.isTemplateExpression(node)
    ? node.templateSpans.reduce((text, { literal }) => `${text}…${literal.text}`, node.head.text)
    : node.text;

/** The codes of the errors that a file makes, each with its sentences, in the order of the file. @param text of libs/realtime/src/socket-errors.ts */
export function readErrors(text) {
  const source = ts.createSourceFile('socket-errors.ts', text, ts.ScriptTarget.Latest, true);
  const found = new Map();
  const visit = (node) => {
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'AppError') {
      const [code, , detail] = node.arguments;
      found.set(code.text, [...(found.get(code.text) ?? []), textOf(detail)]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
