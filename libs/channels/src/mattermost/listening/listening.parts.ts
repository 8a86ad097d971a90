import type { Provider } from '@nestjs/common';
import { HeardPosts } from './heard-posts.service';
import { MattermostListeners } from './mattermost-listeners.service';
import { MissedPosts } from './missed-posts.service';

/** For processes that work. */
export const LISTENING_WORKER_PROVIDERS: Provider[] = [HeardPosts, MissedPosts, MattermostListeners];
