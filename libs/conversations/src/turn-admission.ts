import type { Admission, AdmissionPort } from '@app/contracts';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CandidatesRepository } from './persistence/candidates.repository';

/** Conversations whose workspace is remembered: it never changes. */
const MAX_KNOWN = 20_000;

/** What wants to become a turn. */
export interface Wish {
  conversationId: number;
  userId: number;
  content: string;
  imageCount: number;
}

/** The place at which a message may be refused because of what answering it would use. Who knows about that registers here. */
@Injectable()
export class TurnAdmission {
  private port: AdmissionPort | undefined;
  private readonly workspaces = new Map<number, number>();

  constructor(
    private readonly candidates: CandidatesRepository,
    private readonly config: AppConfig,
  ) {}

  use(port: AdmissionPort): void {
    if (this.port !== undefined) throw new Error('Two libraries want to decide about messages; one can.');
    this.port = port;
  }

  /** Undefined when nothing limits the message: then it costs no statement. */
  async of(wish: Wish): Promise<Admission | undefined> {
    const { port } = this;
    if (port?.isLimited() !== true) return undefined;
    const known = this.workspaces.get(wish.conversationId);
    if (known !== undefined && !port.isLimited(known)) return undefined;
    const found = await this.candidates.find(
      wish.conversationId,
      wish.userId,
      this.config.limits.maxConversationHistory,
    );
    if (found === undefined) return undefined;
    this.remember(wish.conversationId, found.workspaceId);
    if (!port.isLimited(found.workspaceId)) return undefined;
    return port.prepare({
      ...found,
      contentBytes: Buffer.byteLength(wish.content, 'utf8'),
      imageCount: wish.imageCount,
    });
  }

  private remember(conversationId: number, workspaceId: number): void {
    const oldest = this.workspaces.keys().next();
    if (this.workspaces.size >= MAX_KNOWN && oldest.done !== true) this.workspaces.delete(oldest.value);
    this.workspaces.set(conversationId, workspaceId);
  }
}
