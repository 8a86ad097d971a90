/** How closely the model looks at a picture; more detail costs more tokens. */
export type ImageDetail = 'auto' | 'low' | 'high';

export interface TextPart {
  type: 'text';
  text: string;
}

export interface ImagePart {
  type: 'image';
  /** An `https:` URL that the upstream fetches, or a `data:` URL. */
  url: string;
  detail?: ImageDetail;
}

/** A message with pictures is a list of parts. */
export type ContentPart = TextPart | ImagePart;

/** One message of the prompt, as the model sees it. */
export interface PromptMessage {
  role: 'user' | 'assistant';
  content: string | ContentPart[];
}

/** A tool that runs at the upstream, in the words of the Responses API. */
export interface UpstreamTool {
  type: string;
  [setting: string]: unknown;
}

/** The answer must be JSON that fits a schema. */
export interface AnswerSchema {
  name: string;
  schema: Record<string, unknown>;
  strict: boolean;
}

/** What the model says of its own answer. */
export interface Verdict {
  /** 0 to 1: how sure it is; null when it did not say, which is unknown and not unsure. */
  confidence: number | null;
  /** Its own decision that a person should go on. */
  needsHuman: boolean;
}

/** A prompt that is stored at the upstream. */
export interface StoredPrompt {
  id: string;
  version?: string;
  variables?: Record<string, string>;
}

/** What a request carried besides text: complaints are judged by it. */
export interface SentContent {
  tools?: boolean;
  schema?: boolean;
  images?: boolean;
}

/** Stands where a picture was, so that the model knows that there was one. */
export const PICTURE_LEFT_OUT = '[a picture that cannot be shown any more]';

export const hasImages = ({ content }: PromptMessage): boolean =>
  typeof content !== 'string' && content.some(({ type }) => type === 'image');

/** What can be read in a message. */
export const textOf = ({ content }: PromptMessage): string =>
  typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');

/** The messages with the pictures of the last one only; null when no other has any. */
export function withoutEarlierImages(input: readonly PromptMessage[]): PromptMessage[] | null {
  const earlier = input.slice(0, -1);
  if (!earlier.some(hasImages)) return null;
  return [...earlier.map(withoutImages), ...input.slice(-1)];
}

function withoutImages(message: PromptMessage): PromptMessage {
  if (typeof message.content === 'string') return message;
  const parts = message.content.map((part) => (part.type === 'text' ? part.text : PICTURE_LEFT_OUT));
  return { ...message, content: parts.join('\n') };
}
