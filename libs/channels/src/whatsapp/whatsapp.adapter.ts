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
import { toWhatsApp } from '../core/text';
import { acceptMetaCredentials, credential } from '../meta/credentials';
import { GraphClient } from '../meta/graph-client';
import { idIn, type Json, numberIn, recordsIn, textIn } from '../meta/json';
import { META_HOOKS } from '../meta/meta-hooks';
import { failureOfFile } from '../meta/send-failures';
import { proofOf } from '../meta/signature';
import { checkWhatsApp } from './whatsapp-check';
import { callbackDataOf, numbersIn, parseWhatsAppHook } from './whatsapp-hooks';

/** How long free text is taken after the person's last message: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** WhatsApp, through Meta's Cloud API. */
@Injectable()
export class WhatsAppAdapter implements ChannelAdapter {
  readonly type = 'whatsapp';
  readonly textLimit: TextLimit = { max: 4096, unit: 'characters' };
  readonly windowMs = WINDOW_MS;
  readonly hasTemplates = true;
  /** Statuses repeat `biz_opaque_callback_data`. */
  readonly confirmsByOwnId = true;
  readonly hooks = META_HOOKS;

  constructor(
    private readonly graph: GraphClient,
    private readonly config: AppConfig,
  ) {}

  accept(credentials: Record<string, unknown>): { accountId: string; credentials: Credentials } {
    return acceptMetaCredentials(credentials, 'phone_number_id');
  }

  parse(body: unknown): HookEvents[] {
    return parseWhatsAppHook(body);
  }

  accountsIn(body: unknown): string[] {
    return numbersIn(body);
  }

  format(markdown: string): string {
    return toWhatsApp(markdown);
  }

  async send(access: ChannelAccess, part: OutgoingPart): Promise<string> {
    const answer = await this.post(access, {
      recipient_type: 'individual',
      ...addressOf(part.to),
      ...contentOf(part),
      biz_opaque_callback_data: callbackDataOf(part.outboxId),
    });
    const id = idIn(recordsIn(answer, 'messages')[0], 'id');
    if (id === null) throw new ChannelSendError('unavailable', 'Meta took a message without naming it', true);
    return id;
  }

  async showTurnBegins(access: ChannelAccess, externalId: string): Promise<void> {
    await this.post(access, { status: 'read', message_id: externalId, typing_indicator: { type: 'text' } });
  }

  async fetchMedia(
    access: ChannelAccess,
    media: RemoteMedia,
    maxBytes: number,
  ): Promise<{ content: Buffer; contentType: string }> {
    // Digits: the id is part of an address.
    if (!/^\d{1,40}$/.test(media.ref)) throw new ChannelSendError('invalid', 'The file has no id of WhatsApp');
    const info = await this.get(access, media.ref, { phone_number_id: access.channel.accountId }).catch(
      (error: unknown) => {
        throw failureOfFile(error);
      },
    );
    const address = textIn(info, 'url');
    const size = numberIn(info, 'file_size');
    if (address === null) throw new ChannelSendError('invalid', 'The file has no address');
    if (size !== null && size > maxBytes) throw new ChannelSendError('invalid', `It is larger than ${maxBytes} bytes`);
    return this.graph.download(address, {
      accessToken: credential(access.credentials, 'access_token'),
      baseUrl: this.config.channels.whatsAppBaseUrl,
      maxBytes,
    });
  }

  check(access: ChannelAccess): Promise<CheckResult> {
    return checkWhatsApp((query) => this.get(access, access.channel.accountId, query));
  }

  private post(access: ChannelAccess, body: Json): Promise<Json> {
    return this.graph.call({
      method: 'POST',
      ...this.target(access, `${access.channel.accountId}/messages`, {}),
      body: { messaging_product: 'whatsapp', ...body },
    });
  }

  private get(access: ChannelAccess, path: string, query: Record<string, string>): Promise<Json> {
    return this.graph.call({ method: 'GET', ...this.target(access, path, query) });
  }

  private target(
    { credentials }: ChannelAccess,
    path: string,
    query: Record<string, string>,
  ): { url: string; accessToken: string; query: Record<string, string> } {
    const { whatsAppBaseUrl, graphApiVersion } = this.config.channels;
    const accessToken = credential(credentials, 'access_token');
    const appsecret_proof = proofOf(accessToken, credential(credentials, 'app_secret'));
    return {
      url: `${whatsAppBaseUrl}/${graphApiVersion}/${path}`,
      accessToken,
      query: { ...query, appsecret_proof },
    };
  }
}

/** A number is for `to`, a business-scoped id for `recipient`: in `to` it would be taken and never arrive. */
function addressOf(to: Sender): Json {
  if (to.phone !== null) return { to: to.phone };
  if (to.scopedId !== null) return { recipient: to.scopedId };
  throw new ChannelSendError('unreachable', 'There is neither a number nor an id');
}

function contentOf(part: OutgoingPart): Json {
  if (part.kind === 'text') return { type: 'text', text: { body: part.content } };
  return { type: 'template', template: { name: part.content, language: { code: part.language ?? 'en' } } };
}
