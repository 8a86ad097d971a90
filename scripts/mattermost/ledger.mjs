/** What a run found and did, a line each; with `isDryRun` nothing is done. */
export class Ledger {
  changes = 0;

  constructor(isDryRun) {
    this.isDryRun = isDryRun;
  }

  unchanged(what) {
    line('unchanged', what);
  }

  /** Something that is not as it should be, but not ours to change. */
  warn(what) {
    line('warning', what);
  }

  /**
   * Does something that changes the server.
   * @param verb `created`, `changed`, `added`, …
   * @returns what `act` gives; null in a dry run
   */
  async change(verb, what, act) {
    this.changes += 1;
    if (this.isDryRun) {
      line('would be', `${verb}: ${what}`);
      return null;
    }
    const result = await act();
    line(verb, what);
    return result;
  }

  summary() {
    if (this.changes === 0) return 'Everything is as it should be; nothing was changed.';
    const things = this.changes === 1 ? '1 thing' : `${this.changes} things`;
    return this.isDryRun ? `${things} would be changed; nothing was.` : `Done; ${things} changed.`;
  }
}

function line(state, what) {
  process.stdout.write(`${state.padEnd(9)}  ${what}\n`);
}
