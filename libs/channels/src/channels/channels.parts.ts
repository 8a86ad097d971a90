import type { Provider, Type } from '@nestjs/common';
import { ChannelAdapters } from './channel-adapters';
import { ChannelChecks } from './channel-checks.service';
import { ChannelDirectory } from './channel-directory.service';
import { ChannelFigures } from './channel-figures.service';
import { ChannelGauges } from './channel-gauges.service';
import { ChannelMetrics } from './channel-metrics.service';
import { ChannelProblems } from './channel-problems.service';
import { ChannelUpkeep } from './channel-upkeep.service';
import { ChannelsService } from './channels.service';
import { EnvironmentChannels } from './environment-channels.service';
import { ChannelFiguresController } from './http/channel-figures.controller';
import { ChannelsController } from './http/channels.controller';
import { IdentitiesController } from './http/identities.controller';
import { IdentitiesService } from './identities/identities.service';
import { ChannelFiguresRepository } from './persistence/channel-figures.repository';
import { ChannelRemovals } from './persistence/channel-removals.repository';
import { ChannelStateRepository } from './persistence/channel-state.repository';
import { DefaultWorkspaceRepository } from './persistence/default-workspace.repository';
import { IdentitiesRepository } from './persistence/identities.repository';
import { ChannelsRepository } from './persistence/channels.repository';

/** For every process. */
export const CHANNEL_PROVIDERS: Provider[] = [
  ChannelsRepository,
  ChannelAdapters,
  ChannelDirectory,
  ChannelProblems,
  ChannelMetrics,
  ChannelFiguresRepository,
  ChannelGauges,
];

/** For processes that serve HTTP. */
export const CHANNEL_CONTROLLERS: Type[] = [ChannelsController, ChannelFiguresController, IdentitiesController];
export const CHANNEL_HTTP_PROVIDERS: Provider[] = [
  ChannelsService,
  ChannelChecks,
  ChannelRemovals,
  ChannelStateRepository,
  ChannelFigures,
  IdentitiesRepository,
  IdentitiesService,
];

/** For processes that work. */
export const CHANNEL_WORKER_PROVIDERS: Provider[] = [ChannelUpkeep, EnvironmentChannels, DefaultWorkspaceRepository];
