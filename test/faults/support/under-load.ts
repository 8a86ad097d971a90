import { eventually } from '../../support/process';
import { say } from './form';
import { Load, type LoadOptions } from './load';
import type { Random } from './random';
import type { ExtraCheck, Scene } from './scene';

const LOAD: LoadOptions = { users: 4, conversationsPerUser: 2, pace: { thinkMs: 300, timeoutMs: 40_000 } };

/**
 * Lets people talk while `disturb` runs, then lets every turn end, and returns what the checker found: nothing, when all invariants held.
 * @param name for the lines that are printed and for the folder that keeps the evidence
 */
export async function underLoad(
  scene: Scene,
  name: string,
  random: Random,
  disturb: (load: Load) => Promise<void>,
  options: Partial<LoadOptions> & { more?: ExtraCheck; urls?: () => string[] } = {},
): Promise<{ findings: string[]; load: Load }> {
  const load = await Load.prepare(options.urls ?? (() => scene.fleet.apiUrls()), random, { ...LOAD, ...options });
  load.start();
  await disturb(load);
  await scene.fleet.settled();
  await load.stop();
  await scene.untilNoTurnIsOpen();
  const answers = Object.entries(load.report.answers).map(([kind, times]) => `${kind} ${times}`);
  say(`${name}, seed ${random.seed}: ${load.report.sent.length} messages; answers: ${answers.join(', ')}`);
  return { findings: await scene.verdict(load, `${name.replaceAll(/\W+/g, '-')}-${random.seed}`, options.more), load };
}

/** Recovered without help: messages are accepted and answered again. */
export async function answersAgain(load: Load): Promise<void> {
  const before = load.report.answers['200'] ?? 0;
  await eventually(
    () => ((load.report.answers['200'] ?? 0) >= before + 10 ? true : undefined),
    'answers again',
    60_000,
  );
}
