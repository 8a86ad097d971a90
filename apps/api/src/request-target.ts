import type { IncomingMessage } from 'node:http';

const USUAL = /^(?:\/|https?:\/\/)/i;

/**
 * The target that a request is routed by. Node also takes targets that are no path, such as `*` and `*docs`. The router takes their first character
 * for the slash, and would find `/` and `/docs`; Nest refuses that in a hook that comes before ours, so the answer would have no id and no security
 * headers, and would be neither counted nor logged. With a slash before it nothing is found.
 */
export function routableTarget({ url }: Pick<IncomingMessage, 'url'>): string {
  const target = url ?? '';
  return USUAL.test(target) ? target : `/${target}`;
}
