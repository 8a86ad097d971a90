import type { Provider, Type } from '@nestjs/common';
import { ChannelFiles } from './channel-files.service';
import { ChannelThreads } from './channel-threads.service';
import { ChannelThreadsController } from './http/channel-threads.controller';
import { Choices } from './choices.service';
import { Completion } from './completion.service';
import { InboxController } from './http/inbox.controller';
import { InboundCommands } from './inbound-commands.service';
import { InboundEchoes } from './inbound-echoes.service';
import { InboundMedia } from './inbound-media.service';
import { InboundMessages } from './inbound-messages.service';
import { InboundStatuses } from './inbound-statuses.service';
import { InboxLetters } from './inbox-letters.service';
import { Intake } from './intake.service';
import { InboxUpkeep } from './inbox-upkeep.service';
import { OwnEchoes } from './own-echoes.service';
import { People } from './people.service';
import { ChoicesRepository } from './persistence/choices.repository';
import { FilesRepository } from './persistence/files.repository';
import { InboxLettersRepository } from './persistence/inbox-letters.repository';
import { InboxRepository } from './persistence/inbox.repository';
import { SenderJobs } from './sender-jobs.service';
import { PeopleRepository } from './persistence/people.repository';
import { SentMessagesRepository } from './persistence/sent-messages.repository';
import { ThreadsRepository } from './persistence/threads.repository';
import { ReceiveService } from './receive.service';
import { Refusals } from './refusals.service';
import { Threads } from './threads.service';

/** For every process. */
export const INBOX_PROVIDERS: Provider[] = [
  InboxRepository,
  SenderJobs,
  ThreadsRepository,
  FilesRepository,
  PeopleRepository,
  People,
  ChoicesRepository,
  Choices,
  Intake,
];

/** For processes that serve HTTP. */
export const INBOX_CONTROLLERS: Type[] = [InboxController, ChannelThreadsController];
export const INBOX_HTTP_PROVIDERS: Provider[] = [InboxLettersRepository, InboxLetters, ChannelThreads, ChannelFiles];

/** For processes that work. */
export const INBOX_WORKER_PROVIDERS: Provider[] = [
  SentMessagesRepository,
  Threads,
  InboundMedia,
  InboundCommands,
  InboundMessages,
  Completion,
  Refusals,
  OwnEchoes,
  InboundEchoes,
  InboundStatuses,
  ReceiveService,
  InboxUpkeep,
];
