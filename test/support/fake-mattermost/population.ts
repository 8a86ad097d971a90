import { newId } from './ids';
import type { ChannelType, FakeChannel, FakeCommand, FakeFile, FakeOutgoingHook, FakeTeam, FakeUser } from './records';
import { makeCommand, makeHook } from './routes/integrations';
import type { World } from './world';

/** Something of the fake, or its id. */
export type Ref = string | { id: string };
export const idOf = (ref: Ref): string => (typeof ref === 'string' ? ref : ref.id);

/** Who and what is there before anybody writes. */
export abstract class Population {
  /** Everything that the fake knows, for what has no method of its own. */
  abstract readonly world: World;
  protected abstract disconnect(userId: string): void;

  addBot(change: Partial<FakeUser> = {}): FakeUser & { token: string } {
    const bot = this.world.addUser({ username: 'aibot', isBot: true, ...change });
    return { ...bot, token: this.world.addToken(bot.id, 'bot').token };
  }

  addUser(change: Partial<FakeUser> = {}): FakeUser {
    return this.world.addUser(change);
  }

  /** An administrator with a password and a token. */
  addAdmin(change: Partial<FakeUser> = {}): FakeUser & { token: string } {
    const roles = ['system_user', 'system_admin'];
    const admin = this.world.addUser({ username: 'admin', password: 'Pa$$word-11', roles, ...change });
    return { ...admin, token: this.world.addToken(admin.id, 'admin').token };
  }

  /** A further token of somebody. */
  addToken(user: Ref, description = 'token'): string {
    return this.world.addToken(idOf(user), description).token;
  }

  /** From now on refused with 401; connections of its owner break. */
  revokeToken(token: string): void {
    for (const one of this.world.tokens.values()) {
      if (one.token !== token) continue;
      this.world.tokens.delete(one.id);
      this.disconnect(one.userId);
    }
  }

  addTeam(name = `team-${newId().slice(0, 8)}`): FakeTeam {
    return this.world.addTeam(name);
  }

  /** Its members come into the team, too. */
  addChannel(input: { type?: ChannelType; name?: string; team?: Ref; members?: Ref[]; id?: string }): FakeChannel {
    const { type = 'O', name = `channel-${newId().slice(0, 8)}`, team, members = [], id } = input;
    const teamId = type === 'D' || type === 'G' || team === undefined ? '' : idOf(team);
    return this.world.addChannel(type, name, teamId, members.map(idOf), id);
  }

  direct(one: Ref, other: Ref): FakeChannel {
    return this.world.direct(idOf(one), idOf(other));
  }

  addFile(input: { channel: Ref; user: Ref; name: string; mimeType: string; content: Buffer }): FakeFile {
    const { name, mimeType, content } = input;
    const file = { id: newId(), userId: idOf(input.user), channelId: idOf(input.channel), postId: '', name, mimeType };
    const whole: FakeFile = { ...file, content, createAt: Date.now() };
    this.world.files.set(whole.id, whole);
    return whole;
  }

  addOutgoingHook(input: {
    team: Ref;
    channel?: Ref;
    triggerWords?: string[];
    /** `exact`: the first word is one of them; `prefix`: it begins with one. */
    triggerWhen?: 'exact' | 'prefix' | 0 | 1;
    callbackUrls: string[];
    contentType?: string;
    token?: string;
    creator?: Ref;
  }): FakeOutgoingHook {
    const hook = makeHook({
      team_id: idOf(input.team),
      channel_id: input.channel === undefined ? '' : idOf(input.channel),
      trigger_words: input.triggerWords ?? [],
      trigger_when: input.triggerWhen === 'prefix' || input.triggerWhen === 1 ? 1 : 0,
      callback_urls: input.callbackUrls,
      content_type: input.contentType ?? 'application/x-www-form-urlencoded',
      creator_id: input.creator === undefined ? '' : idOf(input.creator),
      ...(input.token === undefined ? {} : { token: input.token }),
    });
    this.world.hooks.set(hook.id, hook);
    return hook;
  }

  addCommand(input: { team: Ref; trigger?: string; url: string; method?: 'P' | 'G'; token?: string }): FakeCommand {
    const { team, trigger = 'ai', url, method = 'P', token } = input;
    const command = makeCommand({
      team_id: idOf(team),
      trigger,
      url,
      method,
      ...(token === undefined ? {} : { token }),
    });
    this.world.commands.set(command.id, command);
    return command;
  }
}
