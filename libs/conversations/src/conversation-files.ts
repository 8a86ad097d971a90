import type { ConversationFile, FilesPort } from '@app/contracts';
import { Injectable, StreamableFile } from '@nestjs/common';

/** The place at which files of conversations are asked for. Who keeps some registers here; until then there are none. */
@Injectable()
export class ConversationFiles implements FilesPort {
  private port: FilesPort | undefined;

  use(port: FilesPort): void {
    if (this.port !== undefined) throw new Error('Two libraries want to keep files of conversations; one can.');
    this.port = port;
  }

  async find(conversationId: number, fileId: number): Promise<ConversationFile | undefined> {
    return this.port?.find(conversationId, fileId);
  }

  async read(conversationId: number, fileId: number): Promise<Buffer | undefined> {
    return this.port?.read(conversationId, fileId);
  }
}

/** What somebody has sent, on its way to a browser: whatever it is, it is saved, and nothing of it is shown. */
export const asDownload = ({ id, kind }: Pick<ConversationFile, 'id' | 'kind'>, content: Buffer): StreamableFile =>
  new StreamableFile(content, {
    type: 'application/octet-stream',
    length: content.length,
    disposition: `attachment; filename="${kind}-${id}"`,
  });
