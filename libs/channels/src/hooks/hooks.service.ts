import { Injectable } from '@nestjs/common';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelMetrics } from '../channels/channel-metrics.service';
import type { ChannelType } from '../core/channel';
import type {
  ChannelAccess,
  ChannelAdapter,
  HookContentType,
  HookEvents,
  HookRequest,
  InboundEvent,
} from '../core/channel-adapter';
import { Intake } from '../inbox/intake.service';
import { senderKeyOf } from '../inbox/inbox-row';
import type { NewInboxRow } from '../inbox/persistence/inbox.repository';
import { HookSenders } from './hook-senders.service';
import { notSigned } from './hooks.errors';

const readJson = ({ body }: HookRequest): unknown => JSON.parse(body.toString('utf8'));
const JSON_ONLY: readonly HookContentType[] = ['application/json'];

/** Takes in what other systems tell: when it is stored it is acknowledged, and what is to be done about it is done later. */
@Injectable()
export class HooksService {
  constructor(
    private readonly adapters: ChannelAdapters,
    private readonly senders: HookSenders,
    private readonly intake: Intake,
    private readonly metrics: ChannelMetrics,
  ) {}

  /**
   * When this returns, everything in the hook that is for the signing channels is stored, once. What was signed and cannot be understood is counted and
   * else forgotten: sent again, it would be no clearer.
   * @returns what the other system is to be answered; undefined: nothing
   * @throws 401 WEBHOOK.NOT_SIGNED
   */
  async take(type: ChannelType, request: HookRequest, channelId?: number): Promise<object | undefined> {
    const adapter = this.adapters.get(type);
    const body = bodyOf(adapter, request);
    // Nothing else is made of it until it is known who has sent it: anybody can send 3 MB with a million events in them.
    const senders = await this.senders.of(type, request, adapter.accountsIn?.(body) ?? [], channelId);
    const rules = adapter.hooks;
    const isOne = channelId !== undefined || (rules?.isSecretUnique === true && senders.length === 1);
    if (senders.length === 0 || (rules?.isSecretUnique === true && !isOne)) {
      this.metrics.hook(type, 'unsigned');
      throw notSigned();
    }
    const told = understood(adapter, body);
    this.metrics.hook(type, told.length === 0 ? 'unintelligible' : 'taken');
    await this.intake.store(
      senders.map(({ channel }) => channel),
      senders.flatMap((access) => rowsFor(access, told, isOne)),
    );
    // At an address of its own there is one sender; at the common one nobody would be meant by an answer.
    return senders.length === 1 ? rules?.answer?.(senders[0]!, request) : undefined;
  }

  /** What hooks of a kind can be declared as. */
  contentTypes(type: ChannelType): readonly HookContentType[] {
    return this.adapters.get(type).hooks?.contentTypes ?? JSON_ONLY;
  }
}

/** Undefined: it is not what it is declared as. */
function bodyOf({ hooks }: ChannelAdapter, request: HookRequest): unknown {
  const { read = readJson } = hooks ?? {};
  try {
    return read(request);
  } catch {
    return undefined;
  }
}

function understood(adapter: ChannelAdapter, body: unknown): HookEvents[] {
  try {
    return body === undefined ? [] : adapter.parse(body);
  } catch {
    // It is nested deeper than anything is.
    return [];
  }
}

/** What a hook tells a channel, as far as something is to be done about it. */
function rowsFor({ channel }: ChannelAccess, told: readonly HookEvents[], isAddressed: boolean): NewInboxRow[] {
  const isFor = ({ accountId }: HookEvents): boolean =>
    accountId === null ? isAddressed : accountId === channel.accountId;
  const events = told.filter(isFor).flatMap(({ events }) => events);
  return events.filter(isOfUse).map((event) => ({
    channelId: channel.id,
    externalId: event.externalId,
    senderKey: senderKeyOf(event),
    kind: event.kind,
    event,
  }));
}

const isOfUse = (event: InboundEvent): event is Exclude<InboundEvent, { kind: 'other' }> => event.kind !== 'other';
