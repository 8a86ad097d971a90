import { isDeepStrictEqual } from 'node:util';
import type { ConversationState } from '@app/contracts';
import { ConversationsService, type HistoryTurn, TurnWorkService } from '@app/conversations';
import { type PersonaContent, PersonasService } from '@app/personas';
import { AppConfig, type Principal } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type ConversationsApi, ProviderError, type RemoteItemPage } from '../../provider';
import { CONVERSATIONS_API } from '../../provider-info';
import { RedactionService } from '../../redaction';
import { effectiveState } from '../effective-state';
import {
  type NewMapping,
  RemoteConversationsRepository,
  type RemoteMapping,
} from '../persistence/remote-conversations.repository';
import { RemoteConversationBuilder } from '../remote-conversation-builder';
import { MAX_REPLAYED_TURNS, messagesToReplay, newestTurn } from '../remote-history';
import { RemoteRemovalsService } from '../remote-removals.service';
import { historyInMotion, noConversationState, noCopy, upstreamProblem } from './openai-conversation.errors';

/** The copy of a conversation at the upstream, as its owner sees it. */
export interface RemoteView {
  state: ConversationState;
  mapping: RemoteMapping | null;
  /** Null without a mapping. */
  isAtUpstream: boolean | null;
  /** 0 for none. */
  newestTurnId: number;
}

/** What owners may see of the copies of their conversations at the upstream, and do with them. */
@Injectable()
export class OpenAiConversationService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly personas: PersonasService,
    private readonly turns: TurnWorkService,
    private readonly remotes: RemoteConversationsRepository,
    private readonly builder: RemoteConversationBuilder,
    private readonly removals: RemoteRemovalsService,
    private readonly redactions: RedactionService,
    @Inject(CONVERSATIONS_API) private readonly api: ConversationsApi,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  async describe(principal: Principal, conversationId: number): Promise<RemoteView> {
    const { state } = await this.stateOf(principal, conversationId);
    const mapping = (await this.remotes.find(conversationId)) ?? null;
    const isAtUpstream = mapping === null ? null : await this.isThere(mapping);
    return { state, mapping, isAtUpstream, newestTurnId: newestTurn(await this.turns.history(conversationId, 1)) };
  }

  async items(
    principal: Principal,
    conversationId: number,
    page: { limit: number; after?: string },
  ): Promise<RemoteItemPage> {
    await this.stateOf(principal, conversationId);
    const mapping = await this.remotes.find(conversationId);
    if (mapping?.upstream !== this.api.upstream) throw noCopy(conversationId);
    const found = await this.orNull(this.api.listItems(mapping.openaiConversationId, page));
    if (found === null) throw noCopy(conversationId);
    return found;
  }

  /** Makes a new copy of our history, in place of the one before. */
  async rebuild(principal: Principal, conversationId: number): Promise<RemoteView> {
    const { persona } = await this.stateOf(principal, conversationId);
    const settings = persona?.piiRedaction ?? null;
    const redaction = this.redactions.forConversation(settings, conversationId);
    const history = await this.turns.history(conversationId, MAX_REPLAYED_TURNS);
    const { id, upstream } = await this.orProblem(this.builder.createEmpty(conversationId));
    let isAdopted = false;
    try {
      const messages = messagesToReplay(history, '', this.config.limits.contextTokenBudget);
      const hidden = redaction === null ? messages : messages.map((message) => redaction.redactMessage(message));
      await this.orProblem(this.builder.fill(id, hidden));
      isAdopted = await this.adopt(
        { conversationId, openaiConversationId: id, upstream, redaction: this.redactions.signatureOf(settings) },
        history,
      );
    } finally {
      if (!isAdopted) await this.removals.discard(id, upstream);
    }
    if (!isAdopted) throw historyInMotion(conversationId);
    return this.describe(principal, conversationId);
  }

  /** The copy goes, our history stays. Also for a conversation that is stateless by now. */
  async remove(principal: Principal, conversationId: number): Promise<void> {
    await this.conversations.get(principal, conversationId);
    const mapping = await this.remotes.find(conversationId);
    if (mapping === undefined) return;
    if (await this.remotes.forget(conversationId, mapping.openaiConversationId)) {
      await this.removals.removeNow(mapping.openaiConversationId);
    }
  }

  private async adopt(mapping: NewMapping, filledWith: readonly HistoryTurn[]): Promise<boolean> {
    const adopted = await this.turns.whileNothingChanges(mapping.conversationId, async () => {
      const history = await this.turns.history(mapping.conversationId, MAX_REPLAYED_TURNS);
      // Something was erased, or told differently, while the copy was filled: it must not come into use.
      if (!isDeepStrictEqual(history, filledWith)) return false;
      return this.remotes.adopt(mapping, newestTurn(filledWith), newestTurn(history));
    });
    return adopted === true;
  }

  /** @throws 403 and 404 as for the conversation itself, 409 when it is stateless */
  private async stateOf(
    principal: Principal,
    conversationId: number,
  ): Promise<{ state: ConversationState; persona: PersonaContent | null }> {
    const conversation = await this.conversations.get(principal, conversationId);
    const [persona, workspace] = await Promise.all([
      this.answeringVersion(conversation),
      this.remotes.workspaceState(conversation.workspace_id),
    ]);
    const choices = { persona: persona?.conversationState, workspace };
    const state = effectiveState(choices, this.config.openai.api !== 'chat');
    if (state === 'stateless') throw noConversationState(conversationId);
    return { state, persona };
  }

  private async answeringVersion(conversation: { id: number; persona_id: number }): Promise<PersonaContent | null> {
    const version = await this.conversations.answeringVersion(conversation.id);
    return version === null ? null : this.personas.version(conversation.persona_id, version);
  }

  private async isThere({ upstream, openaiConversationId }: RemoteMapping): Promise<boolean> {
    if (upstream !== this.api.upstream) return false;
    return (await this.orNull(this.api.retrieve(openaiConversationId))) !== null;
  }

  /** Null when the upstream does not know the conversation any more. */
  private async orNull<T>(call: Promise<T>): Promise<T | null> {
    return this.orProblem(
      call.catch((error: unknown) => {
        if (error instanceof ProviderError && error.code === 'UPSTREAM.CONVERSATION_NOT_FOUND') return null;
        throw error;
      }),
    );
  }

  private async orProblem<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.logger.warn(
        { code: error.code, detail: error.logDetail },
        'a request about a conversation at the upstream failed',
      );
      throw upstreamProblem(error);
    }
  }
}
