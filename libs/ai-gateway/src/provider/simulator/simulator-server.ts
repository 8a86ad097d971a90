import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseJson, type JsonObject } from '../untyped-json';
import { simulatedModels } from './simulator-models';
import { simulatedAnswer, simulatedVerdict } from './simulator-answer';
import { SimulatorConversations } from './simulator-conversations';
import { readSimulatedRequest, type SimulatedRequest } from './simulator-request';
import {
  chatBody,
  chatFrames,
  responsesBody,
  responsesFrames,
  type Frames,
  type SimulatedReply,
} from './simulator-wire';

/** Room for the longest context any model takes. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** The pace of a fast model, and slow enough to see that it streams. */
const FIRST_WORD_DELAY_MS = 30;
const WORD_DELAY_MS = 6;

/**
 * Answers in place of OpenAI while no key is set: a server on loopback that speaks OpenAI's protocol, so that the real
 * client, its streams, time-outs and usage are exercised. It says in every answer that it is a simulator.
 */
export class SimulatorServer {
  private server: Server | null = null;
  private readonly conversations = new SimulatorConversations();

  /** Starts on a free port of 127.0.0.1. `baseUrl` goes into `ProviderOptions.baseUrl`; any API key will do. */
  async start(): Promise<{ baseUrl: string }> {
    if (this.server) return { baseUrl: this.baseUrlOf(this.server) };
    const server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    // Clients keep connections for a few seconds; closing them later than they do avoids resets between two calls.
    server.keepAliveTimeout = 65_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // A launcher that forgets to stop it must still be able to exit.
    server.unref();
    this.server = server;
    return { baseUrl: this.baseUrlOf(server) };
  }

  /** Stops at once, answers on their way included. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  private baseUrlOf(server: Server): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0]!;
    if (request.method === 'GET' && path === '/v1/models') {
      send(response, 200, simulatedModels(new Date()));
      return;
    }
    if (/^\/v1\/conversations(\/|$)/.test(path)) {
      await this.answerConversations(request, response, path.slice('/v1'.length));
      return;
    }
    const api = path === '/v1/responses' ? 'responses' : path === '/v1/chat/completions' ? 'chat' : null;
    if (request.method !== 'POST' || !api) {
      request.resume();
      sendError(response, 404, 'The simulator does not serve this path.');
      return;
    }
    const text = await readBody(request);
    const body = text === null ? undefined : parseJson(text);
    const asked = readSimulatedRequest(body, api);
    if (!asked) {
      sendError(response, 400, 'The request needs a model and at least one message.');
      return;
    }
    const before = api === 'responses' ? this.conversations.messagesBefore(body) : [];
    if (before === null) {
      sendError(response, 404, 'Conversation not found.');
      return;
    }
    const reply = replyTo({ ...asked, messages: [...before, ...asked.messages] });
    const frames = api === 'responses' ? responsesFrames(reply) : chatFrames(reply, asked.includeUsage);
    const isHeard = asked.isStream
      ? await stream(response, reply, frames)
      : send(response, 200, api === 'responses' ? responsesBody(reply) : chatBody(reply));
    if (isHeard) {
      this.conversations.append(body, [...asked.messages, { role: 'assistant', content: reply.words.join('') }]);
    }
  }

  private async answerConversations(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request);
    const query = new URL(request.url ?? '/', 'http://simulator').searchParams;
    const answer = this.conversations.answer(request.method ?? 'GET', path, query, parseJson(body ?? ''));
    send(response, answer.status, answer.body);
  }
}

function replyTo(asked: SimulatedRequest): SimulatedReply {
  const text = simulatedAnswer(asked.instructions, asked.messages);
  const words = text.match(/\S+\s*/g) ?? [text];
  let outputTokens = 0;
  const sent: string[] = [];
  for (const word of words) {
    const tokens = roughTokens(word);
    if (asked.maxTokens !== null && outputTokens + tokens > asked.maxTokens && sent.length > 0) break;
    outputTokens += tokens;
    sent.push(word);
  }
  const isCut = sent.length < words.length;
  const input = [asked.instructions, ...asked.messages.map((message) => message.content)];
  return {
    model: asked.model,
    serviceTier: asked.serviceTier,
    words: asked.wantsVerdict ? inSchema(sent, isCut, asked) : sent,
    inputTokens: input.reduce((sum, part) => sum + roughTokens(part) + 4, 3),
    outputTokens,
    isCut,
  };
}

/** The words inside the object that was asked for, which ends where they are cut. */
function inSchema(words: readonly string[], isCut: boolean, { messages }: SimulatedRequest): string[] {
  const { confidence, needs_human } = simulatedVerdict(messages);
  const end = `","confidence":${confidence},"needs_human":${needs_human}}`;
  return ['{"reply":"', ...words.map((word) => JSON.stringify(word).slice(1, -1)), ...(isCut ? [] : [end])];
}

/** About four bytes make a token. A real tokenizer would cost memory and start-up time for numbers nobody is billed by. */
function roughTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** True when all of it was sent. */
async function stream(response: ServerResponse, reply: SimulatedReply, frames: Frames): Promise<boolean> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.write(frames.before.join(''));
  try {
    for (const [index, word] of reply.words.entries()) {
      await pause(index === 0 ? FIRST_WORD_DELAY_MS : WORD_DELAY_MS, undefined, { signal: gone.signal });
      response.write(frames.word(word));
    }
  } catch {
    // The client hung up; there is nobody left to write to.
    return false;
  }
  response.end(frames.after.join(''));
  return true;
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: JsonObject): true {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
  return true;
}

function sendError(response: ServerResponse, status: number, message: string): void {
  send(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } });
}
