import type { DeliveryPort } from '@app/contracts';
import { Injectable } from '@nestjs/common';

/** The place at which what is said leaves for other systems. Who carries it registers here; until then nobody does. */
@Injectable()
export class ConversationDelivery implements DeliveryPort {
  private port: DeliveryPort | undefined;

  use(port: DeliveryPort): void {
    if (this.port !== undefined) throw new Error('Two libraries want to carry messages; one can.');
    this.port = port;
  }

  carries(channel: string): boolean {
    return this.port?.carries(channel) ?? false;
  }

  async note(conversationId: number): Promise<void> {
    await this.port?.note(conversationId);
  }

  wake(conversationId: number): void {
    this.port?.wake(conversationId);
  }

  begins(conversationId: number): () => void {
    return this.port?.begins(conversationId) ?? (() => undefined);
  }

  async settled(conversationId: number): Promise<void> {
    await this.port?.settled(conversationId);
  }
}
