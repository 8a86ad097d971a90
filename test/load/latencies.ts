const MAX_UNEXPECTED = 20;

/** How long each kind of action took, and what went wrong. */
export class Latencies {
  readonly unexpected: string[] = [];
  private readonly byAction = new Map<string, { atMs: number; ms: number }[]>();

  add(action: string, atMs: number, ms: number): void {
    const list = this.byAction.get(action) ?? [];
    this.byAction.set(action, list);
    list.push({ atMs, ms });
  }

  complain(what: string): void {
    if (this.unexpected.length < MAX_UNEXPECTED) this.unexpected.push(what);
  }

  get count(): number {
    return [...this.byAction.values()].reduce((sum, list) => sum + list.length, 0);
  }

  /** A line per action: medians and 95th percentiles at the beginning and at the end, so that a drift shows. */
  table(fromMs: number, toMs: number): string {
    const third = (toMs - fromMs) / 3;
    const lines = [...this.byAction].sort().map(([action, all]) => {
      const within = (start: number, end: number): string => {
        const list = all.filter(({ atMs }) => atMs >= start && atMs < end).map(({ ms }) => ms);
        list.sort((a, b) => a - b);
        const at = (part: number): string => (list[Math.floor(list.length * part)] ?? NaN).toFixed(1).padStart(8);
        return `${at(0.5)} ${at(0.95)}`;
      };
      const begin = within(fromMs, fromMs + third);
      return `  ${action.padEnd(26)} ${String(all.length).padStart(7)} ${begin}  |${within(toMs - third, toMs)}`;
    });
    const head = `  ${'action'.padEnd(26)} ${'times'.padStart(7)} ${'p50'.padStart(8)} ${'p95'.padStart(8)}  |${'p50'.padStart(8)} ${'p95'.padStart(8)}   (ms, first | last third)`;
    return [head, ...lines].join('\n');
  }
}
