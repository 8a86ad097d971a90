import { setTimeout as pause } from 'node:timers/promises';
import { FAULT_KINDS, type Fault, planFaults } from './fault-plan';
import { say } from './form';
import { Load } from './load';
import type { Random } from './random';
import type { Scene } from './scene';
import { HABITS } from './talker';

const PACE = { thinkMs: 400, timeoutMs: 12_000 };
const USERS = 6;
const CONVERSATIONS_PER_USER = 3;

export interface ChaosResult {
  load: Load;
  summary: string;
}

/** Strikes a fleet under load as the seed says, lets everything come back and every turn end. */
export async function runChaos(scene: Scene, random: Random, count: number): Promise<ChaosResult> {
  const startedAt = performance.now();
  const plan = planFaults(random.fork('plan'), count, scene.fleet.size);
  const load = await Load.prepare(() => scene.fleet.apiUrls(), random.fork('load'), {
    users: USERS,
    conversationsPerUser: CONVERSATIONS_PER_USER,
    pace: PACE,
    habits: HABITS,
  });
  load.start();
  for (const [index, fault] of plan.entries()) {
    await pause(fault.afterMs);
    await scene.fleet.strike(fault);
    if ((index + 1) % 50 === 0) say(`${index + 1} of ${plan.length} faults after ${seconds(startedAt)} s`);
  }
  await scene.fleet.settled();
  await load.stop();
  await scene.untilNoTurnIsOpen();
  return { load, summary: await summarise(scene, load, plan, startedAt) };
}

const seconds = (startedAt: number): number => Math.round((performance.now() - startedAt) / 1000);

async function summarise(scene: Scene, load: Load, plan: Fault[], startedAt: number): Promise<string> {
  const evidence = await scene.evidence(load);
  const count = <T>(items: readonly T[], keyOf: (item: T) => string): string =>
    Object.entries(Object.groupBy(items, keyOf))
      .map(([key, group]) => `${key} ${group?.length ?? 0}`)
      .join(', ');
  const kinds = FAULT_KINDS.map((kind) => `${kind} ${plan.filter((fault) => fault.kind === kind).length}`).join(', ');
  const answers = Object.entries(load.report.answers).map(([kind, times]) => `${kind} ${times}`);
  return [
    `faults: ${plan.length} (${kinds}) on ${count(plan, ({ app }) => app)}`,
    `requests: ${count(load.report.sent, ({ kind }) => kind)}; ${load.report.cancelAsked.length} cancelled; ${load.report.transcripts.length} streams read to their end, ${load.report.resumed} times resumed`,
    `messages: ${load.report.sent.length} sent, ${evidence.turns.length} turns (${count(evidence.turns, ({ status }) => status)})`,
    `replies: ${evidence.messages.filter(({ role }) => role === 'assistant').length}`,
    `attempts: ${evidence.calls.length} in the ledger (${count(evidence.calls, ({ status }) => status)}), ${evidence.requests.length} at the upstream`,
    `answers to clients: ${answers.join(', ')}; intrusions refused: ${load.report.refusedIntrusions}`,
    `orderly ends: ${count(scene.fleet.orderlyEnds, (how) => how) || 'none'}`,
    `duration: ${seconds(startedAt)} s`,
  ].join('\n  ');
}
