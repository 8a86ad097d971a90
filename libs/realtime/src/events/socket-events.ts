import { Injectable } from '@nestjs/common';
import { AuthenticateEvent } from './authenticate.event';
import { CancelTurnEvent } from './cancel-turn.event';
import { JoinChatEvent } from './join-chat.event';
import { JoinEscalationEvent } from './join-escalation.event';
import { LeaveChatEvent } from './leave-chat.event';
import { LeaveEscalationEvent } from './leave-escalation.event';
import { ReadEvent } from './read.event';
import { RegenerateEvent } from './regenerate.event';
import { SendMessageEvent } from './send-message.event';
import { SetPresenceEvent } from './set-presence.event';
import type { EventName, SocketEvent } from './socket-event';
import { SyncEvent } from './sync.event';
import { TypingEvent } from './typing.event';

export const SOCKET_EVENTS = [
  AuthenticateEvent,
  CancelTurnEvent,
  JoinChatEvent,
  JoinEscalationEvent,
  LeaveChatEvent,
  LeaveEscalationEvent,
  ReadEvent,
  RegenerateEvent,
  SendMessageEvent,
  SetPresenceEvent,
  SyncEvent,
  TypingEvent,
];

/** All events of clients; the compiler says when one of the contract's is missing. */
@Injectable()
export class SocketEvents {
  private readonly byName: ReadonlyMap<unknown, SocketEvent>;

  constructor(
    authenticate: AuthenticateEvent,
    cancelTurn: CancelTurnEvent,
    joinChat: JoinChatEvent,
    joinEscalation: JoinEscalationEvent,
    leaveChat: LeaveChatEvent,
    leaveEscalation: LeaveEscalationEvent,
    read: ReadEvent,
    regenerate: RegenerateEvent,
    sendMessage: SendMessageEvent,
    setPresence: SetPresenceEvent,
    sync: SyncEvent,
    typing: TypingEvent,
  ) {
    const all: { [Name in EventName]: { name: Name } } = {
      authenticate,
      'cancel-turn': cancelTurn,
      'join-chat': joinChat,
      'join-escalation': joinEscalation,
      'leave-chat': leaveChat,
      'leave-escalation': leaveEscalation,
      read,
      regenerate,
      'send-message': sendMessage,
      'set-presence': setPresence,
      sync,
      typing,
    };
    this.byName = new Map(Object.entries(all)) as unknown as ReadonlyMap<unknown, SocketEvent>;
  }

  named(name: unknown): SocketEvent | undefined {
    return this.byName.get(name);
  }
}
