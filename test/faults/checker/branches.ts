import type { MessageRow } from './evidence';
import type { TurnCase } from './evidence-index';

/** An edit, and the part of the conversation that it replaced: from the message that was edited up to the edit itself. */
interface Edit {
  fromSeq: number;
  seq: number;
}

/** Which turns of a conversation counted at a time, built anew from what was done: edits, and alternatives that worked. */
export class Branches {
  private readonly edits: Edit[];
  private readonly siblings: Map<number, TurnCase[]>;

  constructor(
    readonly turns: readonly TurnCase[],
    messages: readonly MessageRow[],
  ) {
    this.siblings = Map.groupBy(turns, ({ turn }) => turn.user_message_id);
    this.edits = messages.flatMap((message) => {
      if (message.edit_of_id === null) return [];
      const family = messages.filter(
        ({ id, edit_of_id: root }) => id === message.edit_of_id || root === message.edit_of_id,
      );
      // Only what counts can be edited, and that is the newest of the family.
      const edited = family.filter(({ seq }) => seq < message.seq).at(-1);
      return edited === undefined ? [] : [{ fromSeq: edited.seq, seq: message.seq }];
    });
  }

  /** Whether an edit up to this seq has replaced what was said at `seq`. */
  isReplaced(seq: number, upToSeq = Infinity): boolean {
    return this.edits.some((edit) => edit.seq <= upToSeq && edit.fromSeq <= seq && seq < edit.seq);
  }

  /** The turn that counts among those on the same message: the latest alternative that gave text before `atMs`, else the first. */
  chosenAt(userMessageId: number, atMs: number): TurnCase | undefined {
    const [first, ...alternatives] = this.siblings.get(userMessageId) ?? [];
    const worked = alternatives.filter(
      ({ turn, replies }) =>
        turn.finished_ms !== null && turn.finished_ms < atMs && replies.some(({ status }) => status !== 'fallback'),
    );
    return worked.sort((a, b) => a.turn.finished_ms! - b.turn.finished_ms!).at(-1) ?? first;
  }

  /** What a turn on the message at `seq` finds before it at that time, oldest first. */
  before(seq: number, atMs: number): TurnCase[] {
    return [...this.siblings.values()]
      .map(([first]) => first!.turn)
      .filter((turn) => turn.user_seq < seq && !this.isReplaced(turn.user_seq, seq))
      .sort((a, b) => a.user_seq - b.user_seq)
      .map((turn) => this.chosenAt(turn.user_message_id, atMs)!);
  }

  /** Whether a turn counts in the end. */
  isCurrent({ turn }: TurnCase): boolean {
    if (this.isReplaced(turn.user_seq)) return false;
    return this.chosenAt(turn.user_message_id, Infinity)?.turn.id === turn.id;
  }

  /** The first turn on its message, in contrast to an alternative. */
  isFirst({ turn }: TurnCase): boolean {
    return this.siblings.get(turn.user_message_id)?.[0]?.turn.id === turn.id;
  }
}
