/** A file that came with a message and that no model looks at, such as a voice message. */
export interface ConversationFile {
  id: number;
  /** The message that it came with; null while that is being taken in. */
  messageId: number | null;
  /** Such as `audio`. */
  kind: string;
}

/** Files of conversations: kept by the library of channels, asked by those who show conversations to others than owners of a channel. */
export interface FilesPort {
  /** Undefined when the conversation has no such file. Who asks makes sure that the conversation may be seen. */
  find(conversationId: number, fileId: number): Promise<ConversationFile | undefined>;
  /** Undefined when it is gone, or cannot be decrypted. */
  read(conversationId: number, fileId: number): Promise<Buffer | undefined>;
}
