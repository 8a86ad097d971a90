import { AppError, badInput } from '@app/kernel';
import { IMAGE_TYPES } from './image-header';

const TYPES = IMAGE_TYPES.join(', ');

export const uploadNotFound = (id: string): AppError =>
  new AppError(
    'UPLOAD.NOT_FOUND',
    404,
    `Upload ${id} was not found. One that no message uses is removed after 24 hours.`,
  );

export const uploadInUse = (id: string): AppError =>
  new AppError(
    'UPLOAD.IN_USE',
    409,
    `Upload ${id} is part of a message. Delete the message with DELETE /chat/messages/{message_id}; its pictures go with it.`,
  );

export const uploadMediaType = (): AppError =>
  new AppError('UPLOAD.MEDIA_TYPE', 415, `body: send the bytes of a picture with the header content-type: ${TYPES}.`);

export const uploadTooLarge = (limitBytes: number): AppError =>
  new AppError('REQUEST.TOO_LARGE', 413, `body: must not be larger than ${limitBytes} bytes. Send a smaller picture.`);

export const uploadQuotaExceeded = (quotaBytes: number): AppError =>
  new AppError(
    'UPLOAD.QUOTA_EXCEEDED',
    409,
    `You may have ${quotaBytes} bytes of pictures that no message uses. Use some, delete some with DELETE /chat/uploads/{upload_id}, or wait: they are removed after 24 hours.`,
  );

export const uploadBusy = (): AppError =>
  new AppError('UPLOAD.BUSY', 503, 'Many pictures are being uploaded right now. Try again in a moment.', {
    retryAfterSeconds: 2,
  });

export const uploadReadsBusy = (): AppError =>
  new AppError('UPLOAD.BUSY', 503, 'Many pictures are being read right now. Try again in a moment.', {
    retryAfterSeconds: 2,
  });

export const notReadable = (why: string): AppError => badInput('body', why);

/** A message names an upload that its sender does not have. */
export class UnknownUpload extends AppError {
  constructor(index: number) {
    const message =
      'is not an upload of yours. Upload the picture with POST /chat/uploads; unused ones are removed after 24 hours.';
    const field = `images.${index}.upload_id`;
    super('REQUEST.INVALID', 422, `${field}: ${message}`, { errors: [{ field, message }] });
  }
}

export const imagesTooLarge = (limitBytes: number): AppError =>
  badInput('images', `must not have more than ${limitBytes} bytes together. Send smaller pictures, or fewer.`);
