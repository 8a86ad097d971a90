import { createHmac } from 'node:crypto';
import { type BegunTurn, TurnWorkService } from '@app/conversations';
import type { PiiRedaction } from '@app/personas';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PiiDetector } from './detect/pii-detector';
import { RememberedSpans } from './remembered-spans';
import { type FindPii, Redaction } from './redaction';

/** Settings in use at a time; each costs little to make. */
const MAX_DETECTORS = 200;
/** What a look-up for an old placeholder goes through at most: more than a copy at the upstream usually holds, in one to three seconds, shared with others' work. */
const MAX_LOOKED_UP_TURNS = 1_000;
const MAX_LOOKED_UP_CHARACTERS = 400_000;

/** Makes the redaction of conversations from what their personas say. */
@Injectable()
export class RedactionService {
  private readonly finders = new Map<string, FindPii>();
  private readonly spans = new RememberedSpans();
  private made = 0;

  constructor(
    private readonly config: AppConfig,
    private readonly turns: TurnWorkService,
  ) {}

  /** For whatever is done with a conversation. Null: the persona hides nothing. */
  forConversation(settings: PiiRedaction | null, conversationId: number): Redaction | null {
    return this.make(settings, scopeOf(conversationId), null);
  }

  /** For one attempt of a turn: where a copy at the upstream remembers more than is sent, so does this. Null: the persona hides nothing. */
  forTurn(
    settings: PiiRedaction | null,
    {
      conversationId,
      userSeq,
      openaiConversationId,
    }: Pick<BegunTurn, 'conversationId' | 'userSeq' | 'openaiConversationId'>,
  ): Redaction | null {
    const older = async (): Promise<string[]> => {
      const history = await this.turns.history(conversationId, MAX_LOOKED_UP_TURNS, userSeq);
      return newestWithin(
        MAX_LOOKED_UP_CHARACTERS,
        history.reverse().flatMap(({ user, reply }) => [user ?? '', reply ?? '']),
      );
    };
    // A placeholder that was not made for this very request would be searched for in vain, and anybody can write one.
    return this.make(settings, scopeOf(conversationId), openaiConversationId === null ? null : older);
  }

  /** For texts that belong to no conversation, such as previews. @param scope placeholders of two scopes have nothing to do with each other */
  forText(settings: PiiRedaction | null, scope: string): Redaction | null {
    return this.make(settings, `text:${scope}`, null);
  }

  /** Differs when a copy at the upstream that was made with one may not be used with the other. Null for none. */
  signatureOf(settings: PiiRedaction | null): string | null {
    if (!isOn(settings)) return null;
    return createHmac('sha256', this.config.auth.secretKeys[0]!)
      .update(`redaction:${JSON.stringify([settings, this.config.privacy.phoneCountries])}`)
      .digest('hex')
      .slice(0, 32);
  }

  private make(
    settings: PiiRedaction | null,
    scope: string,
    older: (() => Promise<string[]>) | null,
  ): Redaction | null {
    if (!isOn(settings)) return null;
    return new Redaction(this.finderOf(settings), this.config.auth.secretKeys, scope, older);
  }

  private finderOf(settings: PiiRedaction): FindPii {
    const key = JSON.stringify(settings);
    const known = this.finders.get(key);
    if (known !== undefined) return known;
    if (this.finders.size >= MAX_DETECTORS) this.finders.clear();
    const detector = new PiiDetector(settings, this.config.privacy.phoneCountries);
    const name = String((this.made += 1));
    const find: FindPii = (text) => this.spans.of(name, text, (unknown) => detector.find(unknown));
    this.finders.set(key, find);
    return find;
  }
}

const scopeOf = (conversationId: number): string => `conversation:${conversationId}`;

function newestWithin(characters: number, newestFirst: readonly string[]): string[] {
  let left = characters;
  return newestFirst.filter((text) => (left -= text.length) >= 0);
}

const isOn = (settings: PiiRedaction | null): settings is PiiRedaction =>
  settings !== null && settings.types.length + settings.custom.length > 0;
