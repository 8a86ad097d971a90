import type { Provider } from '@nestjs/common';
import { EarlierPosts } from './context/earlier-posts';
import { MattermostContext } from './context/mattermost-context';
import { ListenersRepository } from './listening/persistence/listeners.repository';
import { MattermostClient } from './mattermost-client';
import { MattermostCommands } from './mattermost-commands';
import { MattermostDirectory } from './mattermost-directory';
import { MattermostInbound } from './mattermost-inbound';
import { MattermostNetworks } from './networks';
import { MattermostRooms } from './rooms';
import { MattermostSender } from './mattermost-sender';
import { MattermostCheck } from './mattermost-check';
import { SentPosts } from './sent-posts';

/** For every process. */
export const MATTERMOST_PROVIDERS: Provider[] = [
  MattermostNetworks,
  MattermostClient,
  MattermostDirectory,
  MattermostRooms,
  MattermostCommands,
  EarlierPosts,
  MattermostContext,
  MattermostInbound,
  MattermostSender,
  SentPosts,
  ListenersRepository,
  MattermostCheck,
];
