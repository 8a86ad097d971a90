import { WorkspacesService } from '@app/auth';
import { badInput } from '@app/kernel';
import { PersonasService } from '@app/personas';
import {
  AppConfig,
  Database,
  DecryptionError,
  isUniqueViolation,
  type Page,
  type Principal,
  toPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel, ChannelSettings, ChannelType } from '../core/channel';
import type { CheckResult, Credentials } from '../core/channel-adapter';
import { withDefaults } from '../core/channel-settings';
import { MATTERMOST_SETTINGS } from '../core/mattermost-settings';
import { ChannelAdapters } from './channel-adapters';
import { ChannelDirectory } from './channel-directory.service';
import { accountFixed, channelExists, channelNotFound, tooManyChannels } from './channels.errors';
import { ChannelRemovals } from './persistence/channel-removals.repository';
import { ChannelsRepository, type SealedChannel } from './persistence/channels.repository';

/** Each takes part in hooks of its kind, and is kept in memory. */
export const MAX_CHANNELS = 100;
/** Rows that are removed in one statement. */
const REMOVED_AT_ONCE = 5000;

export interface ChannelChoices {
  type: ChannelType;
  name: string;
  personaId: number;
  credentials: Record<string, string>;
  settings?: Partial<ChannelSettings>;
  isEnabled?: boolean;
}

export type ChannelChange = Partial<Omit<ChannelChoices, 'type'>>;

export interface ChannelCheck extends CheckResult {
  checkedAt: Date;
}

/** Setting up channels: for owners of their workspaces. */
@Injectable()
export class ChannelsService {
  constructor(
    private readonly database: Database,
    private readonly repository: ChannelsRepository,
    private readonly removals: ChannelRemovals,
    private readonly directory: ChannelDirectory,
    private readonly adapters: ChannelAdapters,
    private readonly workspaces: WorkspacesService,
    private readonly personas: PersonasService,
    private readonly config: AppConfig,
  ) {}

  /** In the persona's workspace. @throws 403 WORKSPACE.FORBIDDEN, 409 CHANNEL.EXISTS, CHANNEL.TOO_MANY, 422 */
  async create(principal: Principal, choices: ChannelChoices): Promise<Channel> {
    const workspaceId = await this.workspaceOf(principal, choices.personaId);
    await this.workspaces.requireOwner(principal, workspaceId);
    const given = choices.settings ?? {};
    const settings = withDefaults(given, choices.type);
    this.checkSettings(settings, given, choices.type);
    const { accountId, credentials } = this.adapters.get(choices.type).accept(choices.credentials, settings);
    if ((await this.repository.count(workspaceId)) >= MAX_CHANNELS) throw tooManyChannels(MAX_CHANNELS);
    const { type, name, personaId, isEnabled = true } = choices;
    const made = await this.repository
      .insert({ workspaceId, personaId, type, name, accountId, settings: given, isEnabled }, credentials)
      .catch((error: unknown) => {
        throw isUniqueViolation(error, 'channels_account_key') ? channelExists(type) : error;
      });
    this.directory.changed(made.id);
    return made;
  }

  /** @throws 404 WORKSPACE.NOT_FOUND, 403 WORKSPACE.FORBIDDEN */
  async list(
    principal: Principal,
    limit: number,
    afterId = 0,
    workspaceId = principal.workspaceId,
  ): Promise<Page<Channel>> {
    await this.workspaces.requireOwner(principal, workspaceId);
    return toPage(await this.repository.list(workspaceId, limit, afterId), limit, ({ id }) => id);
  }

  /** @throws 404 CHANNEL.NOT_FOUND, also for those of others */
  async get(principal: Principal, id: number): Promise<Channel> {
    const channel = await this.repository.find(id);
    if (channel === undefined) throw channelNotFound(id);
    await this.workspaces.requireOwner(principal, channel.workspaceId).catch(() => Promise.reject(channelNotFound(id)));
    return channel;
  }

  /** What is not given stays. @throws as `get`, 409 CHANNEL.ACCOUNT_FIXED, 422 */
  async change(principal: Principal, id: number, change: ChannelChange): Promise<Channel> {
    const channel = await this.get(principal, id);
    if (change.personaId !== undefined) {
      const workspaceId = await this.workspaceOf(principal, change.personaId);
      if (workspaceId !== channel.workspaceId) throw badInput('persona_id', 'is no persona of this workspace.');
    }
    const settings = { ...channel.settings, ...change.settings };
    if (change.settings !== undefined) this.checkSettings(settings, change.settings, channel.type);
    await this.database.transaction(async () => {
      if (change.credentials !== undefined || change.settings?.allow_private_network !== undefined) {
        await this.replaceCredentials(id, change.credentials ?? {}, settings);
      }
      await this.repository.change(id, change);
    });
    this.directory.changed(id);
    return this.get(principal, id);
  }

  /** With its people, and what waits to come in or go out. Conversations stay, and end there. @throws as `get` */
  async remove(principal: Principal, id: number): Promise<void> {
    await this.get(principal, id);
    // First nothing is added any more; then little by little, for there may be millions.
    await this.repository.change(id, { isEnabled: false });
    this.directory.changed(id);
    while ((await this.removals.removeSome(id, REMOVED_AT_ONCE)) > 0);
    await this.repository.remove(id);
    this.directory.changed(id);
  }

  /** Those that are given, with the former ones for the rest. New settings may forbid what the former ones did not. */
  private async replaceCredentials(
    id: number,
    given: Record<string, string>,
    settings: ChannelSettings,
  ): Promise<void> {
    const stored = await this.repository.lock(id);
    if (stored === undefined) throw channelNotFound(id);
    const former = this.formerCredentials(stored);
    const isChanged = Object.keys(given).length > 0;
    if (former === undefined && !isChanged) return;
    const { accountId, credentials } = this.adapters.get(stored.type).accept({ ...former, ...given }, settings);
    if (accountId !== stored.accountId) throw accountFixed();
    if (isChanged) await this.repository.setCredentials(id, credentials);
  }

  /** What cannot be read is replaced as a whole. */
  private formerCredentials(stored: SealedChannel): Credentials | undefined {
    try {
      return this.repository.open(stored);
    } catch (error) {
      if (error instanceof DecryptionError) return undefined;
      throw error;
    }
  }

  /** The workspace of a persona that people outside may talk with. @throws 422 */
  private async workspaceOf(principal: Principal, personaId: number): Promise<number> {
    const persona = await this.personas.getVisible(principal, personaId).catch(() => undefined);
    if (persona === undefined) {
      throw badInput('persona_id', 'is no persona that you can use. GET /personas lists them.');
    }
    if (persona.visibility !== 'workspace') {
      throw badInput(
        'persona_id',
        'is private. Share it first: PATCH /personas/{persona_id} with visibility "workspace".',
      );
    }
    return persona.workspaceId;
  }

  private checkSettings(
    { debounce_ms: waitMs, debounce_max_ms: maxMs }: ChannelSettings,
    given: Partial<ChannelSettings>,
    type: ChannelType,
  ): void {
    if (maxMs < waitMs) throw badInput('settings.debounce_max_ms', `must not be less than debounce_ms, ${waitMs}.`);
    const foreign = type === 'mattermost' ? undefined : MATTERMOST_SETTINGS.find((name) => given[name] !== undefined);
    if (foreign !== undefined) throw badInput(`settings.${foreign}`, 'is for channels of type mattermost only.');
    if (given.allow_private_network === true && !this.config.channels.allowPrivateMattermost) {
      throw badInput(
        'settings.allow_private_network',
        'is not allowed on this server; whoever runs it can allow it with MATTERMOST_ALLOW_PRIVATE_NETWORK=true.',
      );
    }
  }
}
