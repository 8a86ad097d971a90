import { type LoadedImage, MessageImagesService } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import type { InputMessage } from './prompt';
import {
  type CompletionRequest,
  type ContentPart,
  hasImages,
  PICTURE_LEFT_OUT,
  type PromptMessage,
  ProviderError,
} from './provider';

/** More pictures than this a prompt does not have; the oldest are left out. */
const MAX_IMAGES = 10;

/** Stands for an upload until its bytes are read. */
const UPLOAD = 'upload:';

/** Prompts with uploads that one process has in hand at a time: each may take 50 MB of memory. The others wait. */
const MAX_AT_ONCE = 16;

/** Messages with their pictures as parts; uploads are named, not read. */
export function withPictures(messages: readonly InputMessage[]): PromptMessage[] {
  let left = MAX_IMAGES;
  const newestFirst = [...messages].reverse().map(({ role, content, images = [] }): PromptMessage => {
    if (images.length === 0) return { role, content };
    const shown = images.slice(0, Math.max(0, left));
    left -= images.length;
    const pictures = images.map((image, index): ContentPart => {
      if (index >= shown.length) return { type: 'text', text: PICTURE_LEFT_OUT };
      return { type: 'image', url: image.url ?? `${UPLOAD}${image.upload_id}`, detail: image.detail };
    });
    return { role, content: [{ type: 'text', text: content }, ...pictures] };
  });
  return newestFirst.reverse();
}

/** The end of a prompt with the pictures that were read for the whole of it. */
export function withReadPictures(end: readonly PromptMessage[], whole: readonly PromptMessage[]): PromptMessage[] {
  return end.map((message, index) =>
    hasImages(message) ? (whole[whole.length - end.length + index] ?? message) : message,
  );
}

const uploadOf = (part: ContentPart): string | null =>
  part.type === 'image' && part.url.startsWith(UPLOAD) ? part.url.slice(UPLOAD.length) : null;

/** Whether it stands for an upload whose bytes were not read. */
export const isUpload = (part: ContentPart): boolean => uploadOf(part) !== null;

/** A request as the upstream gets it. */
export interface FilledRequest {
  request: CompletionRequest;
  /** Call it once, when the request is not needed any more. */
  readonly release: () => void;
}

/** Puts the bytes of uploads into prompts. */
@Injectable()
export class PromptPictures {
  private free = MAX_AT_ONCE;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly images: MessageImagesService) {}

  /** Without uploads it is the same request, at once. Else it may wait until others are done. */
  async load(request: CompletionRequest, userId: number, signal: AbortSignal): Promise<FilledRequest> {
    const ids = request.input.some(hasImages) ? uploadsIn(request.input) : [];
    if (ids.length === 0) return { request, release: () => undefined };
    await this.acquire(signal);
    try {
      const loaded = new Map((await this.images.load(userId, ids)).map((image) => [image.id, image]));
      const input = request.input.map((message) => filled(message, loaded));
      return { request: { ...request, input }, release: () => this.release() };
    } catch (error) {
      this.release();
      throw error;
    }
  }

  private async acquire(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new ProviderError('UPSTREAM.CANCELLED');
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      const place = this.waiting.indexOf(resolve);
      if (place >= 0) this.waiting.splice(place, 1);
      reject(new ProviderError('UPSTREAM.CANCELLED'));
    };
    this.waiting.push(resolve);
    signal.addEventListener('abort', leave, { once: true });
    try {
      // Whoever is done hands its place over.
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  private release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}

/** Newest message first: when they are too large together, old ones are left out. */
function uploadsIn(input: readonly PromptMessage[]): string[] {
  const parts = [...input].reverse().flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  return [...new Set(parts.map(uploadOf).filter((id) => id !== null))];
}

function filled(message: PromptMessage, loaded: ReadonlyMap<string, LoadedImage>): PromptMessage {
  if (typeof message.content === 'string') return message;
  const content = message.content.map((part): ContentPart => {
    const id = uploadOf(part);
    if (id === null || part.type !== 'image') return part;
    const image = loaded.get(id);
    return image === undefined ? { type: 'text', text: PICTURE_LEFT_OUT } : { ...part, url: image.url };
  });
  return { ...message, content };
}
