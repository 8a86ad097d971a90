import type { LoggedRequest } from './fake-openai';

interface Item {
  role: string;
  content: unknown;
}

const BACKGROUND = /^Background of the next message[^]*<background>\n([^]*)\n<\/background>$/;
const ITEM = /<item title="([^"\n]*)">\n([^]*?)\n<\/item>/g;

const itemsOf = ({ body }: LoggedRequest): Item[] => (body.input ?? body.messages) as Item[];

/** What a model was given as data, by its title. */
export function backgroundIn(request: LoggedRequest): Record<string, string> {
  const told = itemsOf(request).flatMap(({ role, content }) =>
    role === 'user' && typeof content === 'string' ? (BACKGROUND.exec(content)?.[1] ?? []) : [],
  );
  return Object.fromEntries(told.flatMap((text) => [...text.matchAll(ITEM)].map(([, title, body]) => [title!, body!])));
}

/** The posts among it; empty when there were none. */
export const postsIn = (request: LoggedRequest): string[] =>
  Object.entries(backgroundIn(request))
    .filter(([title]) => title.startsWith('Earlier posts'))
    .flatMap(([, text]) => text.split('\n'));

/** What people and the model have said before, and the message that is to be answered. */
export const saidIn = (request: LoggedRequest): string[] =>
  itemsOf(request).flatMap(({ role, content }) =>
    role !== 'system' && typeof content === 'string' && !BACKGROUND.test(content) ? content : [],
  );
