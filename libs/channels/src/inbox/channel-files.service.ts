import type { ConversationFile, FilesPort } from '@app/contracts';
import { ConversationFiles } from '@app/conversations';
import { DecryptionError } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FilesRepository } from './persistence/files.repository';

/** What people have sent through channels, for those who show conversations. */
@Injectable()
export class ChannelFiles implements FilesPort, OnModuleInit {
  constructor(
    private readonly conversations: ConversationFiles,
    private readonly files: FilesRepository,
  ) {}

  onModuleInit(): void {
    this.conversations.use(this);
  }

  find(conversationId: number, fileId: number): Promise<ConversationFile | undefined> {
    return this.files.findOf(conversationId, fileId);
  }

  read(conversationId: number, fileId: number): Promise<Buffer | undefined> {
    return this.files.contentOf(conversationId, fileId).catch(noneIfUnreadable);
  }
}

/** What cannot be decrypted is as good as gone. */
export function noneIfUnreadable(error: unknown): undefined {
  if (!(error instanceof DecryptionError)) throw error;
}
