import * as fc from 'fast-check';
import type { Operation } from '../support/openapi';
import { asCurl, bytesOf, concrete, type ConcreteRequest, type FuzzRequest, nameOf } from './fuzz-request';
import { faultsOf } from './oracles';
import { anyRequest } from './requests';
import type { ResponseSchemas } from './response-schemas';
import { Tally } from './tally';
import { exchange, NoAnswer } from './wire';
import type { World } from './world';

const BATCH = 12;
const BATCHES_PER_ROUND = 50;
const MAX_FINDINGS = 8;
/** Rounds for what chance has left out, and batches in each. */
const EXTRA_ROUNDS = 30;
const EXTRA_BATCHES = 6;
/** Seeds of theirs are none of the rounds before. */
const EXTRA_SEEDS = 1_000_000;

export interface FuzzOptions {
  url: string;
  operations: Operation[];
  schemas: ResponseSchemas;
  world: World;
  seed: number;
  /** At least so many. */
  requests: number;
  /** Every answer must be there in this time. */
  answerMs: number;
}

/** Carries one failing request out of fast-check, which has made it as small as it can. */
class Finding extends Error {
  constructor(
    readonly key: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Sends generated requests in small parallel batches and judges every answer. A failing batch is shrunk by fast-check; each kind of failure is
 * reported once, and then looked past, so that one run finds several.
 */
export class Fuzzer {
  readonly tally = new Tally();
  readonly findings: string[] = [];
  private readonly known = new Set<string>();

  constructor(private readonly options: FuzzOptions) {}

  async run(): Promise<void> {
    const { seed, requests } = this.options;
    for (let round = 0; this.tally.requests < requests && this.findings.length < MAX_FINDINGS; round += 1) {
      const before = this.tally.requests;
      await this.round(seed + round);
      if (this.tally.requests === before) throw new Error('A whole round sent nothing: the generator is broken.');
    }
  }

  /**
   * Sends more to operations that have not answered with a status of this hundred yet: of more than a hundred operations chance always leaves some out.
   * @returns those that still have not
   */
  async reach(hundred: 2 | 4, names: string[]): Promise<string[]> {
    const { operations, seed } = this.options;
    for (let round = 0; round < EXTRA_ROUNDS && this.findings.length === 0; round += 1) {
      const missing = this.tally.without(hundred, names);
      if (missing.length === 0) return [];
      const among = operations.filter((operation) => missing.includes(nameOf(operation)));
      await this.round(seed + EXTRA_SEEDS + round, among, EXTRA_BATCHES);
    }
    return this.tally.without(hundred, names);
  }

  /** One property of fast-check. Round n of a run with seed s is the first round of a run with seed s + n. */
  private async round(seed: number, among?: Operation[], numRuns = BATCHES_PER_ROUND): Promise<void> {
    const batch = fc.array(anyRequest(this.options.operations, among), { minLength: 1, maxLength: BATCH, size: 'max' });
    const property = fc.asyncProperty(batch, async (requests) => {
      await this.options.world.restore();
      const all = requests.flatMap((request) => Array.from({ length: request.copies }, () => request));
      await Promise.all(all.map((request) => this.sendAndJudge(request)));
    });
    const result = await fc.check(property, { seed, numRuns, endOnFailure: false });
    if (!result.failed) return;
    const error = result.errorInstance;
    if (!(error instanceof Finding)) throw error;
    this.known.add(error.key);
    this.findings.push(
      `${error.message}\n(round seed ${seed}, path ${result.counterexamplePath}, ${result.numShrinks} shrinks)`,
    );
  }

  private async sendAndJudge(request: FuzzRequest): Promise<void> {
    const { world, url, answerMs, schemas } = this.options;
    const sent = concrete(
      request,
      (kind, whose, n) => world.find(request.login, kind, whose, n),
      world.tokenOf(request.login),
    );
    const fail = (what: string, more: string): void => {
      // A fault on our side is another one in each operation; the rest is mostly made in one place.
      const where =
        what.includes('answered 5') || what === 'hangs' ? `${request.method} ${request.operation.path}` : '';
      const key = `${what.replaceAll(/\d+/g, 'N')} ${where}`;
      if (!this.known.has(key)) throw new Finding(key, describe(request, sent, url, what, more));
    };
    try {
      const { reply, ms } = await exchange(bytesOf(sent), {
        port: Number(new URL(url).port),
        deadlineMs: answerMs,
        isBodiless: request.method === 'HEAD',
        abort: request.delivery.type === 'aborted',
        halfClose: request.delivery.type === 'truncated',
      });
      this.tally.count(request, reply, ms);
      if (reply === null) {
        if (request.delivery.type === 'whole' || request.delivery.type === 'chunked') {
          fail('closed the connection without an answer', '');
        }
        return;
      }
      world.learn(request, reply);
      const faults = faultsOf(request, reply, { schemas });
      if (faults.length > 0) fail(faults.join('; '), `${reply.status} ${reply.body.slice(0, 600)}`);
    } catch (error) {
      if (error instanceof NoAnswer) fail('hangs', error.message);
      else throw error;
    }
  }
}

const describe = (request: FuzzRequest, sent: ConcreteRequest, url: string, what: string, more: string): string =>
  `${request.method} (${nameOf(request.operation)}, login: ${request.login}) ${what}\n  ${asCurl(sent, url)}\n  ${more}`;
