import { ParleyProcess } from './process';
import { SocketUser } from './socket-user';
import { SupportWorld } from './support-world';
import type { Agent } from './team';
import { Visitor } from './visitor';

/** Two api processes and a worker; Dana owns the workspace of the visitors, and Kim is an agent of it. */
export class TeamWorld extends SupportWorld {
  private readonly sockets: SocketUser[] = [];

  private constructor(
    { upstream, parley, sql, dana }: SupportWorld,
    /** The other api process: customers are here, the team is at `parley.url`. */
    readonly second: ParleyProcess,
    readonly kim: Agent,
  ) {
    super(upstream, parley, sql, dana);
  }

  static override async start(env: NodeJS.ProcessEnv = {}): Promise<TeamWorld> {
    const base = await SupportWorld.start({ ESCALATION_DRAFTS: 'false', SOCKET_DEBOUNCE_MS: '0', ...env });
    const world = new TeamWorld(base, await ParleyProcess.start('api', base.parley.settings), await base.member());
    await world.makeAgent(world.kim);
    return world;
  }

  override async stop(): Promise<void> {
    this.closeSockets();
    await this.second.kill();
    await super.stop();
  }

  closeSockets(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  async connect(url: string, auth: object, options: Record<string, unknown> = {}): Promise<SocketUser> {
    const socket = await SocketUser.connect(url, auth, options);
    this.sockets.push(socket);
    return socket;
  }

  /** Of a person of the team, at the first process unless another one is named. */
  socketOf({ client }: Agent, url = this.parley.url): Promise<SocketUser> {
    return this.connect(url, { token: client.token });
  }

  /** A visitor who has joined at the second process, and has asked for a person. */
  override async escalated(
    text = 'I want a refund now',
  ): Promise<{ visitor: Visitor; customer: SocketUser; id: number }> {
    const visitor = await Visitor.begin(() => this.second.url);
    const customer = await this.connect(this.second.url, { sessionId: visitor.sessionId });
    await customer.join({});
    await customer.ask('send-message', { message: text });
    await customer.until(() => customer.of('escalation-needed').length > 0);
    await customer.until(() => customer.messages().length >= 2, 'the reply and the notice');
    const [{ escalationId }] = customer.of<{ escalationId: number }>('escalation-needed') as [{ escalationId: number }];
    return { visitor, customer, id: escalationId };
  }
}
