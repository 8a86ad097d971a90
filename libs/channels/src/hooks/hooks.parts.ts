import type { Provider, Type } from '@nestjs/common';
import { CHANNEL_TYPES } from '../core/channel';
import { hookControllerOf } from './hook-controllers';
import { HookDoor } from './hook-door';
import { HookSenders } from './hook-senders.service';
import { HooksService } from './hooks.service';
import { MattermostHooksController } from './mattermost-hooks.controller';

/** For processes that serve HTTP. */
export const HOOK_CONTROLLERS: Type[] = [
  ...CHANNEL_TYPES.filter((type) => type !== 'mattermost').map(hookControllerOf),
  MattermostHooksController,
];
export const HOOK_PROVIDERS: Provider[] = [HookSenders, HooksService, HookDoor];
