import { AppError } from '@app/kernel';
import type { ChannelType } from '../core/channel';

export const channelNotFound = (id: number): AppError =>
  new AppError('CHANNEL.NOT_FOUND', 404, `Channel ${id} was not found. GET /channels lists those of your workspace.`);

export const channelExists = (type: ChannelType): AppError =>
  new AppError(
    'CHANNEL.EXISTS',
    409,
    `This workspace has a ${type} channel for this account already. Change that one with PATCH /channels/{channel_id}.`,
  );

export const tooManyChannels = (max: number): AppError =>
  new AppError('CHANNEL.TOO_MANY', 409, `A workspace has ${max} channels at most. Remove one first.`);

export const accountFixed = (): AppError =>
  new AppError(
    'CHANNEL.ACCOUNT_FIXED',
    409,
    'credentials: belong to another account than this channel is for. The people and conversations here are of the former one, so make another channel with POST /channels.',
  );

/** Its key is missing in `ENCRYPTION_KEYS`, or the row was damaged. */
export const credentialsUnreadable = (id: number): AppError =>
  new AppError(
    'CHANNEL.CREDENTIALS_UNREADABLE',
    503,
    `The credentials of channel ${id} cannot be read. Its operator must put the missing key back into ENCRYPTION_KEYS, or you send all credentials again with PATCH /channels/${id}.`,
  );

export const identityNotFound = (id: number): AppError =>
  new AppError(
    'CHANNEL.IDENTITY_NOT_FOUND',
    404,
    `Person ${id} was not found here. GET /channels/{channel_id}/identities lists those who have written.`,
  );
