import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type {
  ChannelAccess,
  ChannelAdapter,
  CheckResult,
  Credentials,
  HookEvents,
  OutgoingPart,
  RemoteMedia,
  Sender,
  TextLimit,
} from '../core/channel-adapter';
import { ChannelSendError } from '../core/channel-adapter';
import { toPlainText } from '../core/text';
import { acceptMetaCredentials, credential } from '../meta/credentials';
import { GraphClient } from '../meta/graph-client';
import { META_HOOKS } from '../meta/meta-hooks';
import { idIn, type Json } from '../meta/json';
import { checkInstagram } from './instagram-check';
import { instagramAccountsIn, parseInstagramHook } from './instagram-hooks';

/** Afterwards only a person may answer, with a tag that bots must not use: https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/messaging-api */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** Instagram's messages, through the Instagram API with Instagram Login. */
@Injectable()
export class InstagramAdapter implements ChannelAdapter {
  readonly type = 'instagram';
  readonly textLimit: TextLimit = { max: 1000, unit: 'utf8-bytes' };
  readonly windowMs = WINDOW_MS;
  readonly hasTemplates = false;
  readonly confirmsByOwnId = false;
  /** https://developers.facebook.com/documentation/instagram-platform/webhooks/examples */
  readonly confirmsByEcho = true;
  readonly hooks = META_HOOKS;

  constructor(
    private readonly graph: GraphClient,
    private readonly config: AppConfig,
  ) {}

  accept(credentials: Record<string, unknown>): { accountId: string; credentials: Credentials } {
    return acceptMetaCredentials(credentials, 'account_id');
  }

  parse(body: unknown): HookEvents[] {
    return parseInstagramHook(body);
  }

  accountsIn(body: unknown): string[] {
    return instagramAccountsIn(body);
  }

  /** Instagram shows text as it is. */
  format(markdown: string): string {
    return toPlainText(markdown);
  }

  async send(access: ChannelAccess, part: OutgoingPart): Promise<string> {
    if (part.kind !== 'text') throw new ChannelSendError('invalid', 'Instagram has no templates');
    const answer = await this.post(access, part.to, { message: { text: part.content } });
    const id = idIn(answer, 'message_id');
    if (id === null) throw new ChannelSendError('unavailable', 'Meta took a message without naming it', true);
    return id;
  }

  /** Two calls: Instagram has no single one for both. */
  async showTurnBegins(access: ChannelAccess, _externalId: string, to: Sender): Promise<void> {
    await this.post(access, to, { sender_action: 'mark_seen' });
    await this.post(access, to, { sender_action: 'typing_on' });
  }

  fetchMedia(
    _access: ChannelAccess,
    media: RemoteMedia,
    maxBytes: number,
  ): Promise<{ content: Buffer; contentType: string }> {
    const baseUrl = this.config.channels.instagramBaseUrl;
    return this.graph.download(media.ref, { accessToken: null, baseUrl, maxBytes });
  }

  check(access: ChannelAccess): Promise<CheckResult> {
    return checkInstagram(access.channel.accountId, (path, query) =>
      this.graph.call({ method: 'GET', ...this.target(access, path), query }),
    );
  }

  private post(access: ChannelAccess, to: Sender, body: Json): Promise<Json> {
    if (to.scopedId === null) throw new ChannelSendError('unreachable', 'There is no id of the person');
    return this.graph.call({
      method: 'POST',
      ...this.target(access, `${access.channel.accountId}/messages`),
      body: { recipient: { id: to.scopedId }, ...body },
    });
  }

  private target({ credentials }: ChannelAccess, path: string): { url: string; accessToken: string } {
    const { instagramBaseUrl, graphApiVersion } = this.config.channels;
    return {
      url: `${instagramBaseUrl}/${graphApiVersion}/${path}`,
      accessToken: credential(credentials, 'access_token'),
    };
  }
}
