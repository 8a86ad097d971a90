const WILDCARD = '*.';
const LABEL = /^[a-z0-9-]{1,63}$/;

/**
 * One entry of `allowed_origins` as it is compared: `https://shop.example.com`, with a port where it is not the usual one, or
 * `https://*.example.com` for all hosts below `example.com`. Undefined for what is none.
 */
export function originPattern(text: string): string | undefined {
  const [, scheme, host] = /^(https?):\/\/([^/?#\s@]{1,260})\/?$/i.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const isWild = host.startsWith(WILDCARD);
  const named = `${scheme.toLowerCase()}://${isWild ? host.slice(WILDCARD.length) : host}`;
  if (named.includes('*') || !URL.canParse(named)) return undefined;
  const { origin, hostname } = new URL(named);
  if (!isWild) return origin;
  const labels = hostname.split('.');
  // `https://*.com` would be half of the web.
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || /^[\d.]+$/.test(hostname)) return undefined;
  return origin.replace('://', `://${WILDCARD}`);
}

/** @param origin as a browser sends it: scheme, host, and port where it is not the usual one */
export function originMatches(pattern: string, origin: string): boolean {
  if (!pattern.includes(WILDCARD)) return pattern === origin;
  const [scheme, parent] = pattern.split(WILDCARD) as [string, string];
  return (
    origin.startsWith(scheme) && origin.endsWith(`.${parent}`) && origin.length > scheme.length + parent.length + 1
  );
}
