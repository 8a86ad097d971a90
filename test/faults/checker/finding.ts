/** One broken invariant. */
export interface Finding {
  rule: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7';
  text: string;
}

export const finding = (rule: Finding['rule'], text: string): Finding => ({ rule, text });
