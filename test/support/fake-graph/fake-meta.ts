import { aMedia, aWhatsAppNumber, anInstagramAccount, type FakeAccount, type FakeMedia } from './accounts';
import type { CallLog, GraphCall, SentMessage } from './call-log';
import { type GraphError, graphError } from './graph-errors';
import { aMid, aWamid } from './hook-bodies';
import { refusalOfCaller, refusalOfInstagram, refusalOfWhatsApp } from './requests';

export type GraphAnswer = GraphError | { content: Buffer | string; contentType: string };

/** What Meta knows, and what it says to calls. */
export class FakeMeta {
  /** See `FakeGraph`. */
  pairRateMs = 0;
  private readonly accounts: FakeAccount[] = [];
  private readonly media = new Map<string, FakeMedia>();
  private readonly lastToPair = new Map<string, number>();

  private readonly log: CallLog;
  private readonly onTaken: (message: SentMessage) => void;

  constructor(log: CallLog, onTaken: (message: SentMessage) => void) {
    this.log = log;
    this.onTaken = onTaken;
  }

  addWhatsApp(change: Partial<FakeAccount>): FakeAccount {
    const account = aWhatsAppNumber(change);
    this.accounts.push(account);
    return account;
  }

  addInstagram(change: Partial<FakeAccount>): FakeAccount {
    const account = anInstagramAccount(change);
    this.accounts.push(account);
    return account;
  }

  addMedia(content: Buffer, contentType: string): FakeMedia {
    const media = aMedia(content, contentType);
    this.media.set(media.id, media);
    return media;
  }

  secretOf(accountId: string): string | null {
    return this.accounts.find(({ id }) => id === accountId)?.appSecret ?? null;
  }

  /** Accounts and files stay. */
  reset(): void {
    this.pairRateMs = 0;
    this.lastToPair.clear();
  }

  /** @param baseUrl its own, for addresses of files */
  answer(call: GraphCall, baseUrl: string): GraphAnswer {
    if (call.kind === 'download' && call.path.startsWith('/media-host/public/')) return this.download(call);
    const account = this.accounts.find(({ accessToken }) => accessToken === call.token);
    const refusal = refusalOfCaller(call, account);
    if (refusal || !account) return refusal ?? graphError(190);
    if (call.kind === 'download') return this.download(call);
    const media = call.kind === 'account' ? this.media.get(call.accountId ?? '') : undefined;
    if (media) return mediaInfo(media, baseUrl);
    if (call.accountId === 'me' && account.channel === 'instagram') call.accountId = account.id;
    if (call.accountId !== account.id) {
      const message = `Unsupported ${call.method.toLowerCase()} request. Object with ID '${call.accountId}' does not exist, cannot be loaded due to missing permissions`;
      return graphError(100, { subcode: 33, message, type: 'GraphMethodException' });
    }
    if (call.kind === 'account') return json(aboutAccount(account));
    if (call.kind === 'subscription') return json({ data: [{ subscribed_fields: account.subscribedFields }] });
    if (call.kind === 'other') return graphError(2500, { status: 400, message: 'Unknown path components' });
    return account.channel === 'whatsapp' ? this.takeWhatsApp(call, account) : this.takeInstagram(call, account);
  }

  private takeWhatsApp(call: GraphCall, account: FakeAccount): GraphAnswer {
    const { body } = call;
    const refusal = refusalOfWhatsApp(body);
    if (refusal) return refusal;
    if (call.kind === 'read') return json({ success: true });
    // Both given: the phone number wins, says Meta.
    const to = String(body.to ?? body.recipient).replace(/^\+/, '');
    if (this.isTooSoon(account, to)) return graphError(131056);
    const message = this.take(call, account, {
      id: aWamid(),
      to,
      type: body.type === 'template' ? 'template' : 'text',
      text: String((body.text as { body?: string } | undefined)?.body ?? (body.template as { name?: string }).name),
      callbackData: typeof body.biz_opaque_callback_data === 'string' ? body.biz_opaque_callback_data : null,
      isDropped: typeof body.to === 'string' && !/^\+?\d+$/.test(body.to),
    });
    this.onTaken(message);
    const contact = typeof body.to === 'string' ? { input: body.to, wa_id: to } : { input: to, user_id: to };
    return json({ messaging_product: 'whatsapp', contacts: [contact], messages: [{ id: message.id }] });
  }

  private takeInstagram(call: GraphCall, account: FakeAccount): GraphAnswer {
    const refusal = refusalOfInstagram(call.body);
    if (refusal) return refusal;
    const to = (call.body.recipient as { id: string }).id;
    if (call.kind === 'action') return json({ recipient_id: to });
    const text = (call.body.message as { text: string }).text;
    const message = this.take(call, account, {
      id: aMid(),
      to,
      type: 'text',
      text,
      callbackData: null,
      isDropped: false,
    });
    return json({ recipient_id: to, message_id: message.id });
  }

  private take(
    call: GraphCall,
    account: FakeAccount,
    about: Omit<SentMessage, 'channel' | 'accountId' | 'at' | 'body'>,
  ): SentMessage {
    const { channel, id: accountId } = account;
    const message: SentMessage = { ...about, channel, accountId, at: Date.now(), body: call.body };
    this.log.take(message);
    return message;
  }

  private isTooSoon(account: FakeAccount, to: string): boolean {
    const pair = `${account.id} ${to}`;
    const last = this.lastToPair.get(pair) ?? 0;
    if (Date.now() - last < this.pairRateMs) return true;
    this.lastToPair.set(pair, Date.now());
    return false;
  }

  private download(call: GraphCall): GraphAnswer {
    const media = this.media.get(call.path.split('/').at(-1) ?? '');
    return media ? { content: media.content, contentType: media.contentType } : graphError(100, { status: 404 });
  }
}

function json(value: unknown): { content: string; contentType: string } {
  return { content: JSON.stringify(value), contentType: 'application/json; charset=UTF-8' };
}

function aboutAccount(account: FakeAccount): Record<string, unknown> {
  if (account.channel === 'instagram') {
    return { id: `9${account.id.slice(1)}`, user_id: account.id, username: account.display, account_type: 'BUSINESS' };
  }
  return {
    id: account.id,
    display_phone_number: account.display,
    verified_name: 'Parley Test',
    quality_rating: 'GREEN',
    code_verification_status: 'VERIFIED',
    platform_type: 'CLOUD_API',
    status: 'CONNECTED',
  };
}

function mediaInfo(media: FakeMedia, baseUrl: string): GraphAnswer {
  return json({
    messaging_product: 'whatsapp',
    url: `${baseUrl}/media-host/${media.id}`,
    mime_type: media.contentType,
    sha256: media.sha256,
    file_size: String(media.content.length),
    id: media.id,
  });
}
