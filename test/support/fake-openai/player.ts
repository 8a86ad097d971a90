import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoggedRequest, RequestLog } from './request-log';
import type { Pace, ReplyScenario, Scenario, ScenarioUsage } from './scenario';
import { ERROR_DEFAULTS, type ErrorScenario } from './scenario';
import { inAskedForm } from './verdict';
import { ChatWire, ResponsesWire, type AnswerFacts, type Wire } from './wire';

/** Plays a scenario to one client. */
export class Player {
  private readonly entry: LoggedRequest;
  private readonly response: ServerResponse;
  private readonly log: RequestLog;
  private readonly rateHeaders: Record<string, string>;
  private readonly numbersAnswers: boolean;
  private readonly gone = new AbortController();
  private readonly endResponse: (reply: string | null) => void;

  /** @param endResponse told of the reply when it is complete, and of null when there is none */
  constructor(
    entry: LoggedRequest,
    response: ServerResponse,
    log: RequestLog,
    rateHeaders: Record<string, string>,
    endResponse: (reply: string | null) => void = () => undefined,
    numbersAnswers = false,
  ) {
    this.rateHeaders = rateHeaders;
    this.numbersAnswers = numbersAnswers;
    this.entry = entry;
    this.response = response;
    this.log = log;
    this.endResponse = endResponse;
    response.once('close', () => {
      this.log.end(entry, response.writableFinished ? 'completed' : 'aborted');
      this.endResponse(null);
      this.gone.abort();
    });
  }

  /** Resolves when there is nothing left to send, also when the client hung up. */
  async play(scenario: Scenario): Promise<void> {
    try {
      await this.perform(scenario);
    } catch (error) {
      if (!this.gone.signal.aborted) throw error;
    }
  }

  private async perform(scenario: Scenario): Promise<void> {
    switch (scenario.type) {
      case 'error':
        return this.refuse(scenario);
      case 'refuse-param':
        return scenario.param.split(/[.[]/)[0]! in this.entry.body
          ? this.refuse(unsupported(scenario))
          : this.reply({ type: 'reply' });
      case 'reset-before-headers':
        return this.reset();
      case 'raw':
        this.log.update(this.entry, { status: 200 });
        this.response.writeHead(200, { 'content-type': scenario.contentType });
        this.response.end(scenario.body);
        return;
      case 'hang':
        if (scenario.at === 'headers' || !this.entry.isStream) return this.forever();
        return this.begin(scenario, scenario.afterPieces ?? 0, () => this.forever(scenario.keepAliveMs));
      case 'cut':
        return this.begin(scenario, scenario.afterPieces ?? 0, (wire) => {
          if (scenario.afterFinishReason) this.response.write(wire.finishReason());
          this.log.end(this.entry, 'cut');
          return scenario.how === 'reset' ? this.resetSoon() : this.finish('');
        });
      case 'stream-error': {
        const error = {
          code: scenario.code ?? 'server_error',
          type: scenario.errorType,
          message: scenario.message ?? SORRY,
        };
        return this.begin({}, scenario.afterPieces ?? 0, (wire) => {
          this.log.end(this.entry, 'failed');
          return this.finish(wire.error(error));
        });
      }
      case 'failed': {
        const error = { code: scenario.code ?? 'server_error', message: scenario.message ?? SORRY };
        const usage = scenario.usage ? completed(scenario.usage, this.entry, '') : null;
        return this.begin({}, scenario.afterPieces ?? 0, (wire) => {
          this.log.end(this.entry, 'failed');
          if (usage) this.logUsage(usage);
          return this.finish(wire.failed(error, usage));
        });
      }
      case 'reply':
        return this.reply(scenario);
    }
  }

  private async reply(scenario: ReplyScenario): Promise<void> {
    if (scenario.headersDelayMs) await this.wait(scenario.headersDelayMs);
    const pieces = inAskedForm(this.entry.body, scenario, piecesOf(scenario, this.entry, this.numbersAnswers));
    const facts = this.factsOf(scenario, pieces.join(''));
    const wire = this.wireFor(facts);
    if (!this.entry.isStream) {
      await this.wait((scenario.firstTokenDelayMs ?? 0) + pieces.length * (scenario.tokenDelayMs ?? 0));
      this.log.update(this.entry, { status: 200, pieces: pieces.length, sent: facts.text });
      if (facts.usage) this.logUsage(facts.usage);
      this.endResponse(facts.text);
      this.response.writeHead(200, { ...this.rateHeaders, 'content-type': 'application/json' });
      this.response.end(JSON.stringify(wire.whole()));
      return;
    }
    this.open();
    this.response.write(wire.start());
    for (let index = 0; index < (scenario.reasoningEvents ?? 0); index++) {
      await this.wait(scenario.tokenDelayMs ?? 0, scenario.keepAliveMs);
      this.response.write(wire.reasoning(index));
    }
    for (const [index, tool] of (facts.tools ?? []).entries()) {
      const { before, after } = wire.tool(index);
      this.response.write(before);
      await this.wait(tool.delayMs ?? 0, scenario.keepAliveMs);
      this.response.write(after);
    }
    await this.wait(scenario.firstTokenDelayMs ?? 0, scenario.keepAliveMs);
    if (scenario.unknownEvents) this.response.write(wire.unknown());
    await this.stream(wire, scenario.withoutDeltas ? [] : pieces, scenario);
    if (scenario.withoutDeltas) this.log.update(this.entry, { sent: facts.text });
    if (scenario.unknownEvents) this.response.write(wire.unknown());
    if (facts.usage && (facts.includeUsage || this.entry.api === 'responses')) this.logUsage(facts.usage);
    this.log.end(this.entry, 'completed');
    // Before the last event leaves: the next request may come at once.
    this.endResponse(facts.text);
    this.finish(wire.end(scenario.withoutDone === true));
  }

  /** Starts an answer that does not come to its end: some pieces, then `then`. */
  private async begin(pace: Pace, pieces: number, then: (wire: Wire) => void | Promise<void>): Promise<void> {
    const words = Array.from({ length: pieces }, (_, index) => `piece${index + 1} `);
    const text = inAskedForm(this.entry.body, { type: 'reply', finish: 'length' }, words);
    const wire = this.wireFor(this.factsOf({ type: 'reply' }, text.join('')));
    this.open();
    this.response.write(wire.start());
    await this.wait(pace.firstTokenDelayMs ?? 0);
    await this.stream(wire, text, pace);
    await then(wire);
  }

  private async stream(wire: Wire, pieces: string[], pace: Pace): Promise<void> {
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await this.wait(pace.tokenDelayMs ?? 0, pace.keepAliveMs);
      if (this.gone.signal.aborted) return;
      this.response.write(wire.piece(piece));
      this.log.update(this.entry, {
        pieces: index + 1,
        sent: this.entry.sent + piece,
        firstTokenAt: this.entry.firstTokenAt ?? Date.now(),
      });
    }
  }

  private refuse(error: ErrorScenario): void {
    const usual = ERROR_DEFAULTS[error.status] ?? ERROR_DEFAULTS[error.status >= 500 ? 500 : 400]!;
    const body = {
      error: {
        message: error.message ?? usual.message,
        type: error.errorType ?? usual.errorType,
        param: error.param ?? null,
        code: error.code === undefined ? usual.code : error.code,
      },
    };
    this.log.update(this.entry, { status: error.status });
    this.log.end(this.entry, 'refused');
    this.response.writeHead(error.status, {
      'x-request-id': `req_${this.entry.number}`,
      'content-type': error.contentType ?? 'application/json',
      ...error.headers,
    });
    this.response.end(error.rawBody ?? JSON.stringify(body));
  }

  private open(): void {
    this.log.update(this.entry, { status: 200 });
    this.response.writeHead(200, {
      ...this.rateHeaders,
      'x-request-id': `req_${this.entry.number}`,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    this.response.flushHeaders();
  }

  private finish(lastFrames: string): void {
    if (!this.gone.signal.aborted) this.response.end(lastFrames);
  }

  private reset(): void {
    this.log.end(this.entry, 'cut');
    this.response.socket?.resetAndDestroy();
  }

  // What was written must have left this process, else the reset would overtake it.
  private async resetSoon(): Promise<void> {
    await new Promise<void>((resolve) => this.response.write(': bye\n\n', () => resolve()));
    await this.wait(20);
    this.reset();
  }

  private async wait(ms: number, keepAliveMs?: number): Promise<void> {
    const until = Date.now() + ms;
    while (keepAliveMs && until - Date.now() > keepAliveMs) {
      await pause(keepAliveMs, undefined, { signal: this.gone.signal });
      this.response.write(': keep-alive\n\n');
    }
    const left = until - Date.now();
    if (left > 0) await pause(left, undefined, { signal: this.gone.signal });
  }

  private async forever(keepAliveMs?: number): Promise<void> {
    for (;;) await this.wait(keepAliveMs ?? 60_000, keepAliveMs ? keepAliveMs - 1 : undefined);
  }

  private wireFor(facts: AnswerFacts): Wire {
    const wire = this.entry.api === 'chat' ? new ChatWire(facts) : new ResponsesWire(facts);
    this.log.update(this.entry, { answerId: wire.id });
    return wire;
  }

  private factsOf(scenario: ReplyScenario, text: string): AnswerFacts {
    const streamOptions = this.entry.body.stream_options as { include_usage?: boolean } | undefined;
    const asked = typeof this.entry.body.service_tier === 'string' ? this.entry.body.service_tier : 'auto';
    const served = asked === 'auto' ? 'default' : asked;
    return {
      model: scenario.model ?? this.entry.model ?? 'gpt-6-luna',
      text,
      as: scenario.as ?? 'text',
      finish: scenario.finish ?? 'stop',
      usage: scenario.usage === null ? null : completed(scenario.usage ?? {}, this.entry, text),
      includeUsage: streamOptions?.include_usage === true,
      tier: { asked, served: scenario.serviceTier === undefined ? served : scenario.serviceTier },
      tools: this.entry.api === 'responses' ? (scenario.tools ?? []) : [],
      annotations: scenario.annotations ?? [],
    };
  }

  private logUsage({ input, output }: Required<ScenarioUsage>): void {
    this.log.update(this.entry, { usage: { input, output, total: input + output } });
  }
}

const SORRY = 'The server had an error processing your request. Sorry about that!';

function piecesOf(scenario: ReplyScenario, entry: LoggedRequest, isNumbered: boolean): string[] {
  if (scenario.pieces) return scenario.pieces;
  if (scenario.text === undefined && scenario.tokens) {
    return Array.from({ length: scenario.tokens }, (_, index) => `word${index + 1} `);
  }
  const echo = `You said: ${entry.lastUserMessage ?? ''}${isNumbered ? ` (answer ${entry.number})` : ''}`;
  const text = scenario.text ?? echo;
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text ? [text] : []);
}

function completed(usage: ScenarioUsage, entry: LoggedRequest, text: string): Required<ScenarioUsage> {
  const prompt = JSON.stringify([entry.body.instructions, entry.body.input, entry.body.messages]);
  return {
    input: usage.input ?? Math.ceil(prompt.length / 4),
    cached: usage.cached ?? 0,
    cacheWrite: usage.cacheWrite ?? 0,
    output: usage.output ?? Math.ceil(text.length / 4),
    reasoning: usage.reasoning ?? 0,
  };
}

function unsupported(scenario: Extract<Scenario, { type: 'refuse-param' }>): ErrorScenario {
  return {
    type: 'error',
    status: 400,
    errorType: 'invalid_request_error',
    param: scenario.param,
    code: scenario.code === undefined ? 'unsupported_parameter' : scenario.code,
    message: scenario.message ?? `Unsupported parameter: '${scenario.param}' is not supported with this model.`,
  };
}
