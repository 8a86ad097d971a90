import type { HistoryTurn, StoredImage } from '@app/conversations';
import type { PersonaContent, PersonaVersionSnapshot } from '@app/personas';
import type { BuiltRequest } from '../completion-request.builder';

/** What somebody wants to see answered. */
export interface PreviewInput {
  content: string;
  images: StoredImage[];
  /** The published one unless given. */
  version?: number;
  /** Of that version, without storing them. */
  changes: Partial<PersonaContent>;
  /** Oldest first. */
  history: readonly PreviewMessage[];
}

export interface PreviewMessage {
  role: 'user' | 'assistant';
  content: string;
}

/** Previews are no door: rules that are for one do not count. */
export const PREVIEW_CHANNEL = 'api';

/** One call that shows how a persona answers. */
export interface Preview {
  userId: number;
  /** With the changes that are not stored; `id` and `version` are those of the version that they were made to. */
  persona: PersonaVersionSnapshot;
  isChanged: boolean;
  built: BuiltRequest;
}

/** Messages as the turns of a conversation: a user's message and the reply to it, either of which may be missing. */
export function turnsOf(messages: readonly PreviewMessage[]): HistoryTurn[] {
  const turns: HistoryTurn[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (role === 'assistant' && last !== undefined && last.reply === null) last.reply = content;
    else {
      const place = turns.length + 1;
      turns.push({
        turnId: place,
        userSeq: place,
        user: role === 'user' ? content : null,
        reply: role === 'user' ? null : content,
      });
    }
  }
  return turns;
}
