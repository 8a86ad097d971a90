import type { ContextNote } from '@app/contracts';
import { GuardedNetwork, NetworkFailure } from '@app/platform';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { ChannelAccess } from '../core/channel-adapter';
import type { MattermostProvider } from '../core/mattermost-settings';
import { LookupFailed, lookUp } from './context-lookup';
import { type Asking, filledUrl } from './filled-url';
import { LookupCache } from './lookup-cache';

const DEFAULT_TIMEOUT_MS = 3000;
const DEFAULT_CACHE_SECONDS = 60;

/** Named lookups over HTTP, as a channel's settings have them. On the public internet only, whatever the settings of the channel's own server are. */
@Injectable()
export class ContextProviders implements OnModuleDestroy {
  private readonly network = new GuardedNetwork({ connections: 20 });
  private readonly cache = new LookupCache();

  constructor(private readonly logger: PinoLogger) {}

  async onModuleDestroy(): Promise<void> {
    await this.network.close();
  }

  /** All at once. What cannot be had is left out, and said in the log: this never rejects. */
  async ask(access: ChannelAccess, asking: Asking, signal: AbortSignal): Promise<ContextNote[]> {
    const { context_providers: providers } = access.channel.settings;
    const results = await Promise.all(providers.map((provider) => this.result(access, provider, asking, signal)));
    return results.filter((note) => note !== null);
  }

  private async result(
    access: ChannelAccess,
    provider: MattermostProvider,
    asking: Asking,
    signal: AbortSignal,
  ): Promise<ContextNote | null> {
    try {
      const text = await this.textOf(access, provider, asking, signal);
      return text === '' ? null : { title: provider.name, text };
    } catch (error) {
      if (signal.aborted) return null;
      const reason = error instanceof LookupFailed || error instanceof NetworkFailure ? error.message : 'it failed';
      this.logger.warn(
        { channel_id: access.channel.id, provider: provider.name, reason },
        'a context provider was not used; answering without it',
      );
      return null;
    }
  }

  private async textOf(
    { channel, credentials }: ChannelAccess,
    { name, url: template, timeout_ms, cache_seconds, send_token: sendsToken = false }: MattermostProvider,
    asking: Asking,
    signal: AbortSignal,
  ): Promise<string> {
    const url = filledUrl(template, asking);
    if (url === null) throw new LookupFailed('its address is none');
    const key = `${channel.id} ${channel.updatedAt.getTime()} ${name} ${url.href}`;
    const known = this.cache.find(key);
    if (known !== undefined) return known;
    const token = sendsToken ? (credentials.context_token ?? null) : null;
    const text = await lookUp(this.network, url, { token, timeoutMs: timeout_ms ?? DEFAULT_TIMEOUT_MS, signal });
    this.cache.keep(key, text, cache_seconds ?? DEFAULT_CACHE_SECONDS);
    return text;
  }
}
