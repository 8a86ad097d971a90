import { linesOf } from '../core/text/text-lines';

/** Names at which everybody is notified. @see https://docs.mattermost.com/collaborate/mention-people.html */
const EVERYBODY = /(?<![\p{L}\p{N}_.-])@(?=(?:all|channel|here)(?![\p{L}\p{N}_]))/giu;

/** Nobody sees it, and no name begins with it. */
const ZERO_WIDTH_SPACE = '\u200b';

/** As Mattermost sees a block of code, whatever stands in it: its fence is indented by three spaces at most. */
const FENCE = /^ {0,3}[`~]/;

/** Markdown is what Mattermost speaks; only what would notify everybody of a channel, for a model said so, does not. In code nobody is notified. */
export function toMattermost(markdown: string): string {
  const lines = linesOf(markdown).map(({ start, end, code }) => {
    const line = markdown.slice(start, end);
    const isCode = code !== null && FENCE.test(markdown.slice(code.start, code.start + 4));
    return isCode ? line : line.replace(EVERYBODY, `@${ZERO_WIDTH_SPACE}`);
  });
  return lines.join('\n');
}
