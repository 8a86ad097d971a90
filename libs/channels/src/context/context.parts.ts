import type { Provider } from '@nestjs/common';
import { ChannelSurroundings } from './channel-surroundings.service';
import { ContextProviders } from './context-providers.service';
import { TurnContextRepository } from './persistence/turn-context.repository';

/** For every process. */
export const CONTEXT_PROVIDERS: Provider[] = [TurnContextRepository, ContextProviders, ChannelSurroundings];
