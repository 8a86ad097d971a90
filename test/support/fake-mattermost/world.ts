import { AppError } from './app-error';
import { newId } from './ids';
import type {
  ChannelType,
  CommandReply,
  FakeChannel,
  FakeCommand,
  FakeEphemeral,
  FakeFile,
  FakeOutgoingHook,
  FakePost,
  FakeTeam,
  FakeToken,
  FakeUser,
} from './records';

/** Settings of the System Console that matter here, as in the client configuration. */
export interface FakeConfig {
  EnableBotAccountCreation: boolean;
  EnableUserAccessTokens: boolean;
  EnableOutgoingWebhooks: boolean;
  EnableCommands: boolean;
  /** Hosts and networks that hooks may go to although they are private, separated by spaces. */
  AllowedUntrustedInternalConnections: string;
  /** null: where the fake listens. */
  SiteURL: string | null;
}

/** Everything that the fake knows. Members of teams and channels are user ids. */
export class World {
  readonly users = new Map<string, FakeUser>();
  readonly tokens = new Map<string, FakeToken>();
  readonly teams = new Map<string, FakeTeam>();
  readonly channels = new Map<string, FakeChannel>();
  readonly posts = new Map<string, FakePost>();
  readonly files = new Map<string, FakeFile>();
  readonly hooks = new Map<string, FakeOutgoingHook>();
  readonly commands = new Map<string, FakeCommand>();
  readonly replies = new Map<string, CommandReply>();
  readonly pendingPosts = new Map<string, string>();
  readonly ephemeral: FakeEphemeral[] = [];
  onEphemeral: (shown: FakeEphemeral) => void = () => undefined;
  readonly config: FakeConfig = {
    EnableBotAccountCreation: true,
    EnableUserAccessTokens: true,
    EnableOutgoingWebhooks: true,
    EnableCommands: true,
    AllowedUntrustedInternalConnections: '127.0.0.1 localhost',
    SiteURL: null,
  };

  addUser(change: Partial<FakeUser> = {}): FakeUser {
    const id = change.id ?? newId();
    const user: FakeUser = {
      id,
      username: `user-${id.slice(0, 8)}`,
      isBot: false,
      roles: ['system_user'],
      password: '',
      mfaCode: '',
      deleteAt: 0,
      createAt: Date.now(),
      displayName: '',
      description: '',
      ownerId: '',
      ...change,
    };
    this.users.set(id, user);
    return user;
  }

  addToken(userId: string, description: string, change: Partial<FakeToken> = {}): FakeToken {
    const token: FakeToken = {
      id: newId(),
      token: newId(),
      userId,
      description,
      isActive: true,
      isSession: false,
      ...change,
    };
    this.tokens.set(token.id, token);
    return token;
  }

  /** Whose token it is; undefined: nobody's, or no longer. */
  ownerOf(token: string): FakeUser | undefined {
    const found = [...this.tokens.values()].find((one) => one.token === token && one.isActive);
    const user = found && this.users.get(found.userId);
    return user?.deleteAt === 0 ? user : undefined;
  }

  addTeam(name: string, id = newId()): FakeTeam {
    const team: FakeTeam = { id, name, members: new Set() };
    this.teams.set(team.id, team);
    return team;
  }

  addChannel(type: ChannelType, name: string, teamId: string, members: string[], id = newId()): FakeChannel {
    const channel: FakeChannel = {
      id,
      name,
      type,
      teamId,
      members: new Set(members),
      deleteAt: 0,
      createAt: Date.now(),
      lastPostAt: 0,
    };
    this.channels.set(channel.id, channel);
    for (const member of members) this.teams.get(teamId)?.members.add(member);
    return channel;
  }

  direct(one: string, other: string): FakeChannel {
    const name = [one, other].sort().join('__');
    const known = [...this.channels.values()].find((channel) => channel.type === 'D' && channel.name === name);
    return known ?? this.addChannel('D', name, '', [one, other]);
  }

  /** Only one person gets to see it. */
  show(shown: Omit<FakeEphemeral, 'at'>): void {
    const all = { ...shown, at: Date.now() };
    this.ephemeral.push(all);
    this.onEphemeral(all);
  }

  userByName(username: string): FakeUser | undefined {
    return [...this.users.values()].find((user) => user.username === username.toLowerCase());
  }

  user(id: string): FakeUser {
    return found(this.users.get(id), 'app.user.missing_account.const', 'Unable to find the user.');
  }

  team(id: string): FakeTeam {
    return found(this.teams.get(id), 'app.team.get.find.app_error', 'Unable to find the existing team.');
  }

  channel(id: string): FakeChannel {
    return found(this.channels.get(id), 'app.channel.get.existing.app_error', 'Unable to find the existing channel.');
  }

  /** @throws AppError 404 for one that was removed, too */
  post(id: string): FakePost {
    const post = this.posts.get(id);
    return found(post?.delete_at === 0 ? post : undefined, 'app.post.get.app_error', 'Unable to get the post.');
  }

  filesOf(post: FakePost): FakeFile[] {
    return post.file_ids.flatMap((id) => this.files.get(id) ?? []);
  }

  /** Newest first; those of one millisecond in the reverse order of their coming. */
  postsOf(channelId: string): FakePost[] {
    return [...this.posts.values()]
      .filter((post) => post.channel_id === channelId)
      .reverse()
      .sort((one, other) => other.create_at - one.create_at);
  }

  /** Posts, hooks' replies and what people were shown; people, channels, hooks and commands stay. */
  clearPosts(): void {
    this.posts.clear();
    this.replies.clear();
    this.pendingPosts.clear();
    this.ephemeral.length = 0;
    for (const channel of this.channels.values()) channel.lastPostAt = 0;
  }
}

function found<T>(value: T | undefined, errorId: string, message: string): T {
  if (value === undefined) throw new AppError(404, errorId, message);
  return value;
}
