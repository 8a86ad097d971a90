import { estimateTokens } from '../prompt';

const MAX_COUNTED = 500;

/** Instructions repeat from turn to turn, so their count is kept. */
export class InstructionTokens {
  private readonly counted = new Map<string, number>();

  of(instructions: string): number {
    const known = this.counted.get(instructions);
    if (known !== undefined) return known;
    const tokens = estimateTokens(instructions);
    if (this.counted.size >= MAX_COUNTED) this.counted.clear();
    this.counted.set(instructions, tokens);
    return tokens;
  }
}
