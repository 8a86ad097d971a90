import { type AppConfig, type Database, FieldCipher, FieldReader, Metrics } from '@app/platform';
import { PinoLogger } from 'nestjs-pino';
import { AttemptEndingsRepository } from '../../libs/conversations/src/persistence/attempt-endings.repository';
import { ConversationsRepository } from '../../libs/conversations/src/persistence/conversations.repository';
import { FeedbackRepository } from '../../libs/conversations/src/persistence/feedback.repository';
import { FollowedRepository } from '../../libs/conversations/src/persistence/followed.repository';
import { MessageIds } from '../../libs/conversations/src/persistence/message-ids';
import { MessagesRepository } from '../../libs/conversations/src/persistence/messages.repository';
import { OwnershipRepository } from '../../libs/conversations/src/persistence/ownership.repository';
import { SealedMessages } from '../../libs/conversations/src/persistence/sealed-messages';
import { SealedTexts } from '../../libs/conversations/src/persistence/sealed-texts';
import { StreamChunksRepository } from '../../libs/conversations/src/persistence/stream-chunks.repository';
import { SummariesRepository } from '../../libs/conversations/src/persistence/summaries.repository';
import { TurnHistoryRepository } from '../../libs/conversations/src/persistence/turn-history.repository';
import { TurnWorkRepository } from '../../libs/conversations/src/persistence/turn-work.repository';
import { TurnsRepository } from '../../libs/conversations/src/persistence/turns.repository';
import { UploadsRepository } from '../../libs/conversations/src/persistence/uploads.repository';

export const silentLogger = (): PinoLogger => new PinoLogger({ pinoHttp: { level: 'silent' } });

/** The 32 bytes of a key follow from its name, so that two processes of a test have the same. */
const keyOf = (id: string): { id: string; key: Buffer } => ({ id, key: Buffer.alloc(32, id) });

/** `ENCRYPTION_KEYS` with these keys, the current one first. */
export const encryptionKeys = (...ids: string[]): string =>
  ids.map((id) => `${id}:${keyOf(id).key.toString('hex')}`).join(',');

export const cipherOf = (...ids: string[]): FieldCipher =>
  new FieldCipher({ encryption: { keys: ids.map(keyOf) } } as AppConfig);

/** The repositories of conversations as the module makes them. */
export function conversationRepositories(database: Database, cipher = cipherOf('test')) {
  const reader = new FieldReader(cipher, new Metrics(), silentLogger());
  const sealed = new SealedMessages(cipher, reader, new MessageIds(database));
  const texts = new SealedTexts(cipher, reader);
  const history = new TurnHistoryRepository(database, sealed, texts);
  return {
    sealed,
    turns: new TurnsRepository(database, sealed),
    history,
    work: new TurnWorkRepository(database, sealed, history),
    endings: new AttemptEndingsRepository(database, sealed),
    messages: new MessagesRepository(database, sealed, texts),
    conversations: new ConversationsRepository(database, sealed),
    followed: new FollowedRepository(database, sealed),
    summaries: new SummariesRepository(database, texts),
    ownership: new OwnershipRepository(database, sealed),
    feedback: new FeedbackRepository(database, texts),
    chunks: new StreamChunksRepository(database, texts),
    uploads: new UploadsRepository(database, cipher, reader),
  };
}
