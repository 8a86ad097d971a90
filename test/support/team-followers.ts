import { AsyncApiContract } from './asyncapi';
import type { HeardMessage, SocketUser } from './socket-user';
import type { Agent } from './team';
import type { TeamWorld } from './team-world';

export interface Followed {
  escalationId: number;
  conversationId: number;
  status: string;
  messages: HeardMessage[];
  hasMore: boolean;
  openTurnId: number | null;
}

/** Sockets of the team; what they say and hear is held against the contract. */
export class TeamFollowers {
  private readonly contract = new AsyncApiContract();

  constructor(private readonly world: TeamWorld) {}

  /** What the contract does not know. */
  get flaws(): readonly string[] {
    return this.contract.flaws;
  }

  /** At the first process unless another one is named. */
  async socketOf(agent: Agent, url?: string): Promise<SocketUser> {
    const socket = await this.world.socketOf(agent, url);
    socket.socket.onAny((event: string, payload: unknown) => this.contract.check('server', event, payload));
    return socket;
  }

  /** @throws when it is refused */
  async follow(socket: SocketUser, escalationId: number, lastSeq?: number): Promise<Followed> {
    const answer = await this.ask<Followed>(socket, 'join-escalation', {
      escalationId,
      ...(lastSeq === undefined ? {} : { lastSeq }),
    });
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer;
  }

  async ask<T>(socket: SocketUser, event: string, payload: object): ReturnType<typeof socket.ask<T>> {
    this.contract.check('client', event, payload);
    const answer = await socket.ask<T>(event, payload);
    this.contract.check('ack', event, answer);
    return answer;
  }
}
