import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AppConfig, isForeignKeyViolation, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type UploadRow, UploadsRepository } from '../persistence/uploads.repository';
import { IMAGE_TYPES, imageSizeOf, type ImageType, imageTypeOf } from './image-header';
import {
  notReadable,
  uploadBusy,
  uploadInUse,
  uploadMediaType,
  uploadNotFound,
  uploadQuotaExceeded,
  uploadTooLarge,
} from './uploads.errors';

/** An upload that no message uses stays this long. */
const KEPT_MS = 24 * 3_600_000;
/** In each direction. Models scale pictures down to a fifth of it. */
const MAX_PIXELS_PER_SIDE = 10_000;
/** Pictures that one process takes in at the same time: each is held in memory until it is stored. */
const MAX_AT_ONCE = 20;
/** Unguessable: 144 random bits. */
const ID_BYTES = 18;
const REMOVED_AT_ONCE = 100;
/** A body that goes on after this is cut off. */
const MAX_DRAINED_BYTES = 32_000_000;

/** Pictures on their way into messages. */
@Injectable()
export class UploadsService {
  private takingIn = 0;

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly config: AppConfig,
  ) {}

  /**
   * Stores a picture. @param declaredBytes what `content-length` says, if it does
   * @throws 413, 415, 422 for what is too large, no picture, or a broken one; 409 when the user has too many unused ones; 503 when too many come at once
   */
  async take(
    principal: Principal,
    contentType: string | undefined,
    declaredBytes: number | undefined,
    body: unknown,
  ): Promise<UploadRow> {
    const type = IMAGE_TYPES.find((known) => known === contentType?.split(';')[0]?.trim().toLowerCase());
    if (type === undefined || !isReadable(body)) throw uploadMediaType();
    const { uploadMaxBytes, uploadQuotaBytes } = this.config.limits;
    if (declaredBytes !== undefined && declaredBytes > uploadMaxBytes) throw uploadTooLarge(uploadMaxBytes);
    if (this.takingIn >= MAX_AT_ONCE) throw uploadBusy();
    this.takingIn += 1;
    try {
      const content = await readUpTo(uploadMaxBytes, body);
      const stored = await this.uploads.add({
        id: `upl_${randomBytes(ID_BYTES).toString('base64url')}`,
        userId: principal.userId,
        content_type: type,
        size_bytes: content.length,
        ...sizeOf(type, content),
        sha256: createHash('sha256').update(content).digest(),
        content,
        keptMs: KEPT_MS,
        quotaBytes: uploadQuotaBytes,
      });
      if (stored === undefined) throw uploadQuotaExceeded(uploadQuotaBytes);
      return stored;
    } finally {
      this.takingIn -= 1;
    }
  }

  async read(principal: Principal, id: string): Promise<{ content_type: ImageType; content: Buffer }> {
    const found = await this.uploads.find(principal.userId, id);
    if (found === undefined) throw uploadNotFound(id);
    return found;
  }

  async delete(principal: Principal, id: string): Promise<void> {
    try {
      if (!(await this.uploads.remove(principal.userId, id))) throw uploadNotFound(id);
    } catch (error) {
      throw isForeignKeyViolation(error, 'message_uploads_upload_fk') ? uploadInUse(id) : error;
    }
  }

  /** What no message has used in time. */
  async removeExpired(): Promise<void> {
    let removed: number;
    do removed = await this.uploads.removeExpired(REMOVED_AT_ONCE);
    while (removed === REMOVED_AT_ONCE);
  }
}

const isReadable = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

/** What is too large is read to its end all the same, and not kept: most clients take an answer only when they have sent everything. */
async function readUpTo(maxBytes: number, body: Readable): Promise<Buffer> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks = [];
    if (size > MAX_DRAINED_BYTES) break;
  }
  if (size > maxBytes) throw uploadTooLarge(maxBytes);
  return Buffer.concat(chunks);
}

function sizeOf(type: ImageType, content: Buffer): { width: number; height: number } {
  if (content.length === 0) throw notReadable('is empty. Send the bytes of a picture.');
  const actual = imageTypeOf(content);
  if (actual !== type) {
    throw notReadable(
      `is not ${type}${actual === null ? ' or any other picture that is taken here' : `, but ${actual}`}.`,
    );
  }
  const size = imageSizeOf(type, content);
  if (size === null) throw notReadable('does not tell its width and height. The picture is broken.');
  if (size.width > MAX_PIXELS_PER_SIDE || size.height > MAX_PIXELS_PER_SIDE) {
    throw notReadable(
      `has ${size.width} × ${size.height} pixels; at most ${MAX_PIXELS_PER_SIDE} in each direction are taken.`,
    );
  }
  return size;
}
