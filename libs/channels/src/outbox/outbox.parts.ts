import type { Provider, Type } from '@nestjs/common';
import { Carrier } from './carrier.service';
import { ChannelAnnouncements } from './channel-announcements.service';
import { ChannelDelivery } from './channel-delivery.service';
import { Deliveries } from './deliveries.service';
import { LettersController } from './http/letters.controller';
import { Letters } from './letters.service';
import { OutboxSender } from './outbox-sender.service';
import { CarryRepository } from './persistence/carry.repository';
import { LettersRepository } from './persistence/letters.repository';
import { OutboxRepository } from './persistence/outbox.repository';
import { ReplyAddressesRepository } from './persistence/reply-addresses.repository';
import { SealedOutbox } from './persistence/sealed-outbox';
import { TurnBeginsRepository } from './persistence/turn-begins.repository';
import { SendFailures } from './send-failures.service';
import { TurnSignals } from './turn-signals.service';

/** For every process. */
export const OUTBOX_PROVIDERS: Provider[] = [
  SealedOutbox,
  CarryRepository,
  OutboxRepository,
  TurnBeginsRepository,
  ReplyAddressesRepository,
  TurnSignals,
  Carrier,
  ChannelDelivery,
  ChannelAnnouncements,
];

/** For processes that serve HTTP. */
export const OUTBOX_CONTROLLERS: Type[] = [LettersController];
export const OUTBOX_HTTP_PROVIDERS: Provider[] = [LettersRepository, Letters];

/** For processes that work. */
export const OUTBOX_WORKER_PROVIDERS: Provider[] = [SendFailures, OutboxSender, Deliveries];
