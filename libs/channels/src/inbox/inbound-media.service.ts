import { Readable } from 'node:stream';
import { imageTypeOf, MAX_PROMPT_IMAGE_BYTES, type StoredImage, UploadsService } from '@app/conversations';
import { AppError } from '@app/kernel';
import { AppConfig, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelProblems } from '../channels/channel-problems.service';
import { CHANNEL_PROBLEMS } from '../core/channel-problem';
import { type ChannelAccess, ChannelSendError, type RemoteMedia } from '../core/channel-adapter';
import { FilesRepository } from './persistence/files.repository';
import { ReceiveLater } from './receive-later';

/** Files of one message; more are left out. */
const MAX_FILES = 10;
/** After so many tries the message is taken without the file. */
const MAX_TRIES = 5;

const NAMES: Readonly<Record<RemoteMedia['kind'], string>> = {
  image: 'picture',
  sticker: 'sticker',
  audio: 'voice or audio message',
  video: 'video',
  document: 'document',
};

/** The message that files came with. */
export interface MediaContext {
  access: ChannelAccess;
  principal: Principal;
  conversationId: number;
  externalId: string;
  /** How often the message was tried, this time included. */
  attempts: number;
  /** Called before each file, which can take a minute. @throws when the message is somebody else's by now */
  keep(): Promise<void>;
}

/** What has become of the files of a message. */
export interface TakenMedia {
  images: StoredImage[];
  /** What the model is told of the others, and what it is to tell the person. */
  notes: string[];
}

/** What is taken already, and how many bytes of pictures the message may have besides. */
interface Taking extends TakenMedia {
  imageBytesLeft: number;
}

type Fetched = { content: Buffer; contentType: string };

/** Pictures become part of the message. Everything else is stored, and the model is told that it is there and that nobody has looked at it. */
@Injectable()
export class InboundMedia {
  constructor(
    private readonly adapters: ChannelAdapters,
    private readonly uploads: UploadsService,
    private readonly files: FilesRepository,
    private readonly problems: ChannelProblems,
    private readonly config: AppConfig,
  ) {}

  /** @throws ReceiveLater when a file may be had later */
  async take(media: readonly RemoteMedia[], context: MediaContext): Promise<TakenMedia> {
    const taken: Taking = { images: [], notes: [], imageBytesLeft: MAX_PROMPT_IMAGE_BYTES };
    try {
      for (const [position, one] of media.slice(0, MAX_FILES).entries()) {
        const note = await this.takeOne(one, position, context, taken);
        if (note !== null) taken.notes.push(note);
      }
    } catch (error) {
      // Fetched anew at the next try, they would be there once more with each.
      await this.release(context.principal, taken.images);
      throw error;
    }
    if (media.length > MAX_FILES) taken.notes.push(`[${media.length - MAX_FILES} more files were left out.]`);
    return taken;
  }

  /** They came with this message. */
  async attach({ access, externalId }: MediaContext, messageId: number): Promise<void> {
    await this.files.attach(access.channel.id, externalId, messageId);
  }

  /** Of a message that was not taken. Best effort: what no message uses goes by itself after a day. */
  async release(principal: Principal, images: readonly StoredImage[]): Promise<void> {
    const ids = images.flatMap(({ upload_id: id }) => (id === undefined ? [] : [id]));
    await Promise.allSettled(ids.map((id) => this.uploads.delete(principal, id)));
  }

  /** @returns what the model is told of it; null: nothing, it is among the pictures */
  private async takeOne(
    media: RemoteMedia,
    position: number,
    context: MediaContext,
    taken: Taking,
  ): Promise<string | null> {
    const known = await this.files.find(context.access.channel.id, context.externalId, position);
    if (known !== undefined) return storedNote(media, known.id);
    await context.keep();
    const fetched = await this.fetch(media, context);
    if (typeof fetched === 'string') return fetched;
    if (await this.takeAsImage(fetched.content, context, taken)) return null;
    const { id } = await this.files.add({
      channelId: context.access.channel.id,
      conversationId: context.conversationId,
      externalId: context.externalId,
      position,
      kind: media.kind,
      contentType: fetched.contentType.slice(0, 200),
      content: fetched.content,
    });
    return storedNote(media, id);
  }

  /** The file, or what is to be said instead. */
  private async fetch(media: RemoteMedia, { access, attempts }: MediaContext): Promise<Fetched | string> {
    const { uploadMaxBytes } = this.config.limits;
    try {
      return await this.adapters.get(access.channel.type).fetchMedia(access, media, uploadMaxBytes);
    } catch (error) {
      if (!(error instanceof ChannelSendError)) throw error;
      if (error.failure === 'refused-credentials') {
        await this.problems.report(access.channel.id, CHANNEL_PROBLEMS.tokenRefused);
      }
      if (error.failure === 'invalid' || error.failure === 'unreachable' || attempts >= MAX_TRIES) {
        return missingNote(media, uploadMaxBytes);
      }
      throw new ReceiveLater('media_unavailable', error.retryAfterMs ?? 0, true);
    }
  }

  /** @returns false when it is no picture that models take, or too large together with those before it, for which the whole message would be refused */
  private async takeAsImage(content: Buffer, { principal }: MediaContext, taken: Taking): Promise<boolean> {
    const type = imageTypeOf(content);
    if (type === null || content.length > taken.imageBytesLeft) return false;
    try {
      const { id } = await this.uploads.take(principal, type, content.length, Readable.from([content]));
      taken.images.push({ upload_id: id });
      taken.imageBytesLeft -= content.length;
      return true;
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return false;
      throw error;
    }
  }
}

const nameOf = ({ kind, fileName }: RemoteMedia): string =>
  fileName === null ? NAMES[kind] : `${NAMES[kind]} "${fileName}"`;

const storedNote = (media: RemoteMedia, id: number): string =>
  `[The person sent a ${nameOf(media)}. It was stored as file ${id}, but you cannot open it. Say so plainly, and ask them to write what it says if that is needed.]`;

const missingNote = (media: RemoteMedia, maxBytes: number): string =>
  `[The person sent a ${nameOf(media)} that could not be received; at most ${Math.floor(maxBytes / 1_000_000)} MB can be. Say so plainly, and ask them to send it in another way or to write what it says.]`;
