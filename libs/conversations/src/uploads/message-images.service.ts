import { Database, isForeignKeyViolation, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { StoredImage } from '../persistence/message-extras';
import { UploadsRepository } from '../persistence/uploads.repository';
import { imagesTooLarge, UnknownUpload } from './uploads.errors';

/** What the uploads of one prompt may have together: OpenAI takes 50 MB per request, and a picture grows by a third on its way. */
export const MAX_PROMPT_IMAGE_BYTES = 20_000_000;

/** A picture as a model gets it. */
export interface LoadedImage {
  id: string;
  /** A `data:` URL. */
  url: string;
}

/** Which messages use which uploads. */
@Injectable()
export class MessageImagesService {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadsRepository,
  ) {}

  /**
   * Makes a turn whose message has these pictures. Without uploads among them it is `make()` and nothing more. In an encrypted conversation they are
   * encrypted with it, wherever else they are used.
   * @throws UnknownUpload, or 422 when they are too large together
   */
  async attach<T extends { turnId: number }>(
    principal: Principal,
    images: readonly StoredImage[],
    isEncrypted: boolean,
    make: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const ids = uploadIdsOf(images);
    if (ids.length === 0) return make();
    return this.database.transaction(async () => {
      const held = await this.uploads.hold(principal.userId, ids);
      const unknown = images.findIndex(
        ({ upload_id: id }) => id !== undefined && !held.some((upload) => upload.id === id),
      );
      if (unknown >= 0) throw new UnknownUpload(unknown);
      if (bytesOf(held) > MAX_PROMPT_IMAGE_BYTES) throw imagesTooLarge(MAX_PROMPT_IMAGE_BYTES);
      const made = await make();
      if (made !== undefined) await this.uploads.useInMessageOf(made.turnId, ids);
      if (made !== undefined && isEncrypted) await this.uploads.encrypt(ids);
      return made;
    });
  }

  /** For the turn engine: the user's uploads, newest first in `ids`, as many as fit one prompt. Those that are gone are left out. */
  async load(userId: number, ids: readonly string[]): Promise<LoadedImage[]> {
    const sizes = new Map((await this.uploads.sizes(userId, ids)).map((upload) => [upload.id, upload.size_bytes]));
    const fitting: string[] = [];
    let left = MAX_PROMPT_IMAGE_BYTES;
    for (const id of ids) {
      const size = sizes.get(id);
      if (size === undefined) continue;
      // No older, smaller one instead: which pictures the model sees is to be easy to foresee.
      if (size > left) break;
      left -= size;
      fitting.push(id);
    }
    const loaded = await this.uploads.contents(userId, fitting);
    return loaded.map(({ id, content_type, content }) => ({
      id,
      url: `data:${content_type};base64,${content.toString('base64')}`,
    }));
  }

  /** Inside the transaction that buries a message. The ids are for `removeUnused`, after its commit. */
  release(messageId: number): Promise<string[]> {
    return this.uploads.release(messageId);
  }

  /** Inside the transaction that erases a conversation. */
  releaseConversation(conversationId: number): Promise<string[]> {
    return this.uploads.releaseConversation(conversationId);
  }

  /** Erases uploads unless another message uses them. */
  async removeUnused(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    try {
      await this.uploads.removeUnused(ids);
    } catch (error) {
      // Used by a new message at this very moment; the one whose time is over first removes it.
      if (!isForeignKeyViolation(error, 'message_uploads_upload_fk')) throw error;
    }
  }
}

export const uploadIdsOf = (images: readonly StoredImage[]): string[] => [
  ...new Set(images.flatMap(({ upload_id: id }) => (id === undefined ? [] : [id]))),
];

const bytesOf = (uploads: readonly { size_bytes: number }[]): number =>
  uploads.reduce((sum, { size_bytes: size }) => sum + size, 0);
