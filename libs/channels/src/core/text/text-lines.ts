/** A block of code between fences, in positions of the whole text. */
export interface CodeBlock {
  /** Start of the line of the opening fence. */
  start: number;
  /** Behind the closing fence; the end of the text when it is missing. */
  end: number;
  /** The opening fence, as it is written again in a further part. */
  opening: string;
  /** What closes it. */
  closing: string;
}

export interface TextLine {
  start: number;
  /** Without the line break. */
  end: number;
  isBlank: boolean;
  /** The block that it belongs to, its fences included. */
  code: CodeBlock | null;
  isFence: boolean;
}

const FENCE = /^[ \t]{0,12}(`{3,10}|~{3,10})([^`\n]*)$/;
/** The name of a language; anything else behind a fence is left out when the block goes on in a further part. */
const LANGUAGE = /^[\w+#.-]{1,20}$/;

/** The lines of a text, with what is code. */
export function linesOf(text: string): TextLine[] {
  const lines: TextLine[] = [];
  let code: CodeBlock | null = null;
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const content = text.slice(start, end);
    const isBlank = content.trim() === '';
    const fence = FENCE.exec(content);
    const marker = fence?.[1] ?? '';
    const info = fence?.[2]?.trim() ?? '';
    if (code === null && fence !== null) {
      code = { start, end: text.length, opening: marker + (LANGUAGE.test(info) ? info : ''), closing: marker };
      lines.push({ start, end, isBlank, code, isFence: true });
    } else if (code !== null && marker.startsWith(code.closing) && info === '') {
      code.end = end;
      lines.push({ start, end, isBlank, code, isFence: true });
      code = null;
    } else {
      lines.push({ start, end, isBlank, code, isFence: false });
    }
    start = end + 1;
  }
  return lines;
}
