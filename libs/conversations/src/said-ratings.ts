import type { RatingPort } from '@app/contracts';
import { Injectable } from '@nestjs/common';

/** The place at which a message can turn out to be a rating. Who knows about ratings registers here; until then none is. */
@Injectable()
export class SaidRatings {
  private port: RatingPort | undefined;

  use(port: RatingPort): void {
    if (this.port !== undefined) throw new Error('Two libraries want to take ratings; one can.');
    this.port = port;
  }

  /** True when it was a rating, and is stored. */
  async take(conversationId: number, said: string): Promise<boolean> {
    return (await this.port?.takeSaid(conversationId, said)) ?? false;
  }
}
