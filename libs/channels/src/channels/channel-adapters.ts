import { Inject, Injectable } from '@nestjs/common';
import type { ChannelType } from '../core/channel';
import type { ChannelAdapter } from '../core/channel-adapter';

export const CHANNEL_ADAPTERS = Symbol('CHANNEL_ADAPTERS');

/** Every kind of channel that there is, by its type. */
@Injectable()
export class ChannelAdapters {
  private readonly byType = new Map<ChannelType, ChannelAdapter>();

  constructor(@Inject(CHANNEL_ADAPTERS) adapters: readonly ChannelAdapter[]) {
    for (const adapter of adapters) {
      if (this.byType.has(adapter.type)) throw new Error(`Two adapters for channels of type ${adapter.type}; one can.`);
      this.byType.set(adapter.type, adapter);
    }
  }

  /** Whether there is one: of the doors of conversations, not all are channels. */
  has(type: string): type is ChannelType {
    return this.byType.has(type as ChannelType);
  }

  /** @throws an error of the program when there is none */
  get(type: ChannelType): ChannelAdapter {
    const adapter = this.byType.get(type);
    if (adapter === undefined) throw new Error(`There is no adapter for channels of type ${type}.`);
    return adapter;
  }
}
