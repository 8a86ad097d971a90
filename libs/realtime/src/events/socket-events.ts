import { Injectable } from '@nestjs/common';
import { AuthenticateEvent } from './authenticate.event';
import { CancelTurnEvent } from './cancel-turn.event';
import { JoinChatEvent } from './join-chat.event';
import { LeaveChatEvent } from './leave-chat.event';
import { ReadEvent } from './read.event';
import { SendMessageEvent } from './send-message.event';
import { SetPresenceEvent } from './set-presence.event';
import type { EventName, SocketEvent } from './socket-event';
import { SyncEvent } from './sync.event';
import { TypingEvent } from './typing.event';

export const SOCKET_EVENTS = [
  AuthenticateEvent,
  CancelTurnEvent,
  JoinChatEvent,
  LeaveChatEvent,
  ReadEvent,
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
    leaveChat: LeaveChatEvent,
    read: ReadEvent,
    sendMessage: SendMessageEvent,
    setPresence: SetPresenceEvent,
    sync: SyncEvent,
    typing: TypingEvent,
  ) {
    const all: { [Name in EventName]: { name: Name } } = {
      authenticate,
      'cancel-turn': cancelTurn,
      'join-chat': joinChat,
      'leave-chat': leaveChat,
      read,
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
