import { countOf, objectOf } from './untyped-json';

/** What a server told about its limit when it refused a prompt as too long. Tokens, as the server counts them. */
export interface ToldContextLimit {
  /** Prompt and answer together. */
  windowTokens: number;
  /** How long the prompt was; null when the server did not say. */
  promptTokens: number | null;
}

const N = String.raw`\(?([\d,]+)`;

/** Wordings of OpenAI, vLLM, SGLang, llama.cpp, Ollama, Mistral, and of Anthropic and xAI behind LiteLLM. The first that matches counts. */
const WINDOW = [
  // OpenAI, vLLM, LiteLLM: "This model's maximum context length is 8192 tokens". SGLang: "maximum context length (8192)".
  new RegExp(String.raw`maximum (?:context|model|prompt|input) (?:length|window|size)(?: is| of)?:? ${N}`, 'i'),
  // OpenAI, newer: "Input tokens exceed the configured limit of 272000 tokens." vLLM: "maximum allowed input length of 131040".
  new RegExp(String.raw`(?:configured limit|maximum allowed input length) of ${N}`, 'i'),
  // Mistral: "too large for model with 32768 maximum context length".
  /([\d,]+) maximum context length/i,
  // llama.cpp: "request (5000 tokens) exceeds the available context size (4096 tokens)". Python bindings: "exceed context window of 4096".
  new RegExp(String.raw`context (?:size|window|length)(?: is| of)?:? ${N}`, 'i'),
  // Anthropic: "prompt is too long: 213462 tokens > 200000 maximum". Ollama: "exceeds limit (5000 > 4096)".
  /\d\s*(?:tokens\s*)?>\s*([\d,]+)/i,
];

const PROMPT = [
  // OpenAI, vLLM: "you requested 4613 tokens (3613 in the messages, 1000 in the completion)".
  /\(([\d,]+) in (?:the|your) (?:messages|prompt)/i,
  // OpenAI: "your messages resulted in 129000 tokens". vLLM: "your request has 5000 input tokens". xAI: "the request contains 5000 tokens".
  /(?:resulted in|request has|request contains|prompt contains(?: at least)?) ([\d,]+)/i,
  // llama.cpp: "request (5000 tokens)". vLLM: "prompt (length 5000)". SGLang: "Input length (5000)". Python bindings: "Requested tokens (5000)".
  /(?:request|prompt|input length|requested tokens) \((?:length )?([\d,]+)/i,
  /(?:prompt is too long:|limit \() ?([\d,]+)/i,
];

/** Smaller and larger windows than these no model has: the number means something else. */
const SMALLEST = 64;
const LARGEST = 100_000_000;

/**
 * Reads the limit out of a refusal. @param error the error object of the body, if there is one: llama.cpp says the numbers there
 * @returns null when it names none
 */
export function contextLimitIn(message: string, error?: unknown): ToldContextLimit | null {
  const fields = objectOf(error);
  const windowTokens = plausible(countOf(fields?.n_ctx) ?? numberIn(message, WINDOW));
  if (windowTokens === null) return null;
  return { windowTokens, promptTokens: plausible(countOf(fields?.n_prompt_tokens) ?? numberIn(message, PROMPT)) };
}

function numberIn(message: string, patterns: readonly RegExp[]): number | null {
  // Servers may quote the prompt; the numbers stand in the first words.
  const head = message.slice(0, 2_000);
  for (const pattern of patterns) {
    const found = pattern.exec(head)?.[1]?.replaceAll(',', '');
    if (found) return Number(found);
  }
  return null;
}

const plausible = (tokens: number | null): number | null =>
  tokens !== null && Number.isInteger(tokens) && tokens >= SMALLEST && tokens <= LARGEST ? tokens : null;
