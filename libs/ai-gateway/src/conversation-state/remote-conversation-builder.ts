import { Inject, Injectable } from '@nestjs/common';
import { type ConversationsApi, MAX_ITEMS_PER_REQUEST, type PromptMessage, ProviderError } from '../provider';
import { CONVERSATIONS_API } from '../provider-info';
import { type LeasedTurn, RemoteConversationsRepository } from './persistence/remote-conversations.repository';
import { inBatches } from './remote-history';

/** Makes remote conversations of our history. */
@Injectable()
export class RemoteConversationBuilder {
  constructor(
    private readonly remotes: RemoteConversationsRepository,
    @Inject(CONVERSATIONS_API) private readonly api: ConversationsApi,
  ) {}

  /**
   * A new remote conversation that holds these messages and has taken the place of the one before. It is written down while it is still empty: a
   * process that dies in between leaves nothing behind that anybody said.
   * @param read called when the mapping stands: what is erased from then on takes the copy with it
   * @param redaction signature of the redaction that the messages went through; null for none
   * @throws ProviderError
   */
  async build(
    turn: LeasedTurn,
    read: () => Promise<readonly PromptMessage[]>,
    signal: AbortSignal,
    redaction: string | null,
  ): Promise<string> {
    const { conversationId, token } = turn;
    const { id, upstream } = await this.createEmpty(conversationId, signal);
    if (!(await this.remotes.map({ conversationId, openaiConversationId: id, upstream, redaction }, token))) {
      throw new ProviderError('UPSTREAM.CANCELLED', { logDetail: 'the conversation is not ours any more' });
    }
    await this.fill(id, await read(), signal);
    return id;
  }

  /** @throws ProviderError */
  async createEmpty(conversationId: number, signal?: AbortSignal): Promise<{ id: string; upstream: string }> {
    // Our id and nothing about a person: whoever reads it at the upstream learns only which row it belongs to.
    const { id } = await this.api.create({ parley_conversation: String(conversationId) }, signal);
    return { id, upstream: this.api.upstream };
  }

  /** @throws ProviderError */
  async fill(id: string, messages: readonly PromptMessage[], signal?: AbortSignal): Promise<void> {
    for (const batch of inBatches(messages, MAX_ITEMS_PER_REQUEST)) await this.api.addItems(id, batch, signal);
  }
}
