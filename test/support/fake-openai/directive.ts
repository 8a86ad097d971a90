import { scenarios, type ReplyScenario, type Scenario } from './scenario';

/** A scenario a message asks for, and for how many requests with that same message (default: all of them). */
export interface Directive {
  scenario: Scenario;
  times: number;
}

/**
 * Finds `[[fake:<name> <option>=<value> …]]` in a message, such as `[[fake:429 retry-after=2 times=1]]`.
 * Names: a status (`401`, `429`, `500` …), `quota`, `context`, `hang`, `hang-stream`, `keepalive`, `cut`, `reset`,
 * `reset-before-headers`, `error`, `failed`, `incomplete`, `filtered`, `unknown-events`, `refusal`, `empty`, `no-usage`,
 * `unsupported`, `html`, `slow`, `reply`. Options: `times`, `after` (pieces), `retry-after` (seconds, or `date+<seconds>`),
 * `confidence` and `human=yes` (where a verdict is asked for), `code`, `param`, `tokens`, `delay` and `first` (ms), `text` (`_` for spaces), `reasoning` (events), `keepalive` (ms).
 */
export function directiveIn(message: string): Directive | null {
  const found = /\[\[fake:([^\]]+)\]\]/.exec(message);
  return found?.[1] ? parseDirective(found[1]) : null;
}

/** Reads the inside of a directive. @throws Error when the name is unknown: a typo must not pass as a plain reply. */
export function parseDirective(text: string): Directive {
  const [name = '', ...rest] = text.trim().split(/\s+/);
  const options = new Map(
    rest.map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=').slice(1).join('=')]),
  );
  const number = (key: string, fallback: number): number => (options.has(key) ? Number(options.get(key)) : fallback);
  return { scenario: scenarioNamed(name, options, number), times: number('times', Infinity) };
}

function scenarioNamed(
  name: string,
  options: Map<string, string>,
  number: (key: string, fallback: number) => number,
): Scenario {
  const after = number('after', 1);
  const code = options.get('code');
  if (/^\d{3}$/.test(name)) return statusScenario(Number(name), options);
  switch (name) {
    case 'quota':
      return scenarios.quotaExhausted();
    case 'context':
      return scenarios.contextTooLong();
    case 'hang':
      return scenarios.hang('headers');
    case 'hang-stream':
      return scenarios.hang('stream', after);
    case 'keepalive':
      return scenarios.keepAliveOnly(number('keepalive', 100));
    case 'cut':
      return scenarios.cut(after);
    case 'reset':
      return scenarios.reset(after);
    case 'reset-before-headers':
      return { type: 'reset-before-headers' };
    case 'error':
      return scenarios.streamError(after, code);
    case 'failed':
      return scenarios.failed(code, after);
    case 'unsupported':
      return scenarios.unsupportedParam(options.get('param') ?? 'temperature');
    case 'html':
      return { type: 'raw', contentType: 'text/html', body: '<html><body>Bad gateway</body></html>' };
    default:
      return replyNamed(name, options, number);
  }
}

function replyNamed(
  name: string,
  options: Map<string, string>,
  number: (key: string, fallback: number) => number,
): Scenario {
  const special: Record<string, Partial<ReplyScenario>> = {
    reply: {},
    slow: { tokens: number('tokens', 20), tokenDelayMs: number('delay', 100) },
    incomplete: { finish: 'length' },
    filtered: { finish: 'content_filter' },
    'unknown-events': { unknownEvents: true },
    refusal: { as: 'refusal', text: "I'm sorry, I can't help with that." },
    empty: { pieces: [] },
    'no-usage': { usage: null },
  };
  const more = special[name];
  if (!more) throw new Error(`The fake OpenAI server knows no scenario "${name}".`);
  return {
    type: 'reply',
    text: options.get('text')?.replaceAll('_', ' '),
    ...(options.has('tokens') ? { tokens: number('tokens', 1) } : {}),
    ...(options.has('keepalive') ? { keepAliveMs: number('keepalive', 100) } : {}),
    tokenDelayMs: number('delay', 0),
    firstTokenDelayMs: number('first', 0),
    reasoningEvents: number('reasoning', 0),
    ...(options.has('confidence') ? { confidence: number('confidence', 0) } : {}),
    ...(options.get('human') === 'yes' ? { needsHuman: true } : {}),
    ...more,
  };
}

function statusScenario(status: number, options: Map<string, string>): Scenario {
  const asked = options.get('retry-after');
  const date = /^date\+(\d+)$/.exec(asked ?? '');
  const retryAfter = date ? new Date(Date.now() + Number(date[1]) * 1000).toUTCString() : asked;
  return scenarios.error(status, {
    ...(options.has('code') ? { code: options.get('code') } : {}),
    ...(options.has('param') ? { param: options.get('param') } : {}),
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  });
}
