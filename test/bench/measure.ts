import type { Contender } from './contenders';
import { closedLoop, median, series } from './load';
import { peakMiB } from './processes';

/** Medians over all rounds of one contender. */
export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  aloneP50: number;
  aloneP95: number;
  peakMiB: number;
}

export interface Plan {
  rounds: number;
  inFlight: number;
  roundMs: number;
  /** Requests one after the other, per round. */
  singles: number;
}

/** Measures contenders side by side: every round has each of them once, so that what disturbs the machine disturbs all of them. */
export async function sideBySide(contenders: readonly Contender[], plan: Plan): Promise<Map<string, Figures>> {
  const rounds = new Map<string, Figures[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name, shot, processes } of contenders) {
      const alone = await series(shot, plan.singles);
      const { result, mib } = await peakMiB(processes, () => closedLoop(shot, plan.inFlight, plan.roundMs));
      const { perSecond, p50, p99 } = result;
      rounds.get(name)!.push({ perSecond, p50, p99, aloneP50: alone.p50, aloneP95: alone.p95, peakMiB: mib });
    }
  }
  return new Map([...rounds].map(([name, figures]) => [name, medians(figures)]));
}

function medians(rounds: readonly Figures[]): Figures {
  const of = (key: keyof Figures): number => median(rounds.map((figures) => figures[key]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    aloneP50: of('aloneP50'),
    aloneP95: of('aloneP95'),
    peakMiB: Math.max(...rounds.map((figures) => figures.peakMiB)),
  };
}
