import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import type { Scene } from '../faults/support/scene';
import type { Manner, World } from './world';

/** What the generator must know so that commands make sense; the rest is known by the World, from what it was answered. */
export interface Model {
  messages: number;
  streams: number;
}

export interface Real {
  world: World;
  scene: Scene;
}

export type Command = fc.AsyncCommand<Model, Real> & fc.WithToStringMethod;

/** How the upstream treats a message; all but the last are answered in the end. The words come slowly, so that there is something to break into. */
const DIRECTIVES = [
  '',
  '',
  '',
  '[[fake:reply delay=120 first=150]]',
  '[[fake:reply delay=250]]',
  '[[fake:500 times=1]]',
  '[[fake:503 times=2]]',
  '[[fake:429 retry-after=1 times=1]]',
  '[[fake:cut after=2 times=1]]',
  '[[fake:reset after=3 times=1]]',
  '[[fake:reset-before-headers times=1]]',
  '[[fake:error after=2 times=1]]',
  '[[fake:failed after=1 times=1]]',
  '[[fake:hang-stream after=2 times=1]]',
  '[[fake:no-usage]]',
  '[[fake:incomplete]]',
  '[[fake:unknown-events]]',
  '[[fake:quota]]',
];

const directive = fc.constantFrom(...DIRECTIVES);
const manner = fc.constantFrom<Manner>('async', 'wait', 'stream', 'stream');
const choice = fc.nat({ max: 11 });
/** Now and then the same request comes several times at once. */
const times = fc.constantFrom(1, 1, 1, 3);

const command = (
  name: string,
  run: (real: Real) => void | Promise<void>,
  options: { needs?: keyof Model; adds?: (model: Model) => void } = {},
): Command => ({
  check: (model) => options.needs === undefined || model[options.needs] > 0,
  run: async (model, real) => {
    options.adds?.(model);
    await run(real);
  },
  toString: () => name,
  [fc.toStringMethod]: () => name,
});

const made = (how: Manner) => (model: Model) => {
  model.messages += 1;
  if (how === 'stream') model.streams += 1;
};

const send = fc
  .record({ room: choice, directive, manner, times })
  .map((c) =>
    command(
      `send(${c.room}, "${c.directive}", ${c.manner} ×${c.times})`,
      ({ world }) => world.send(c.room, c.directive, c.manner, c.times),
      { adds: made(c.manner) },
    ),
  );
const edit = fc
  .record({ choice, directive, manner, times })
  .map((c) =>
    command(
      `edit(${c.choice}, "${c.directive}", ${c.manner} ×${c.times})`,
      ({ world }) => world.edit(c.choice, c.directive, c.manner, c.times),
      { needs: 'messages' },
    ),
  );
const regenerate = fc
  .record({ choice, manner, times })
  .map((c) =>
    command(
      `regenerate(${c.choice}, ${c.manner} ×${c.times})`,
      ({ world }) => world.regenerate(c.choice, c.manner, c.times),
      { needs: 'messages' },
    ),
  );
const onMessage = (name: string, run: (world: World, choice: number) => void): fc.Arbitrary<Command> =>
  choice.map((c) => command(`${name}(${c})`, ({ world }) => run(world, c), { needs: 'messages' }));
const onStream = (name: string, run: (world: World, choice: number) => void): fc.Arbitrary<Command> =>
  choice.map((c) => command(`${name}(${c})`, ({ world }) => run(world, c), { needs: 'streams' }));
const rest = fc.integer({ min: 0, max: 700 }).map((ms) =>
  command(`rest(${ms} ms)`, async ({ world }) => {
    await pause(ms);
    await world.look();
  }),
);
const kill = fc
  .nat({ max: 1 })
  .map((slot) =>
    command(
      `kill(worker ${slot})`,
      ({ scene }) => scene.fleet.strike({ afterMs: 0, kind: 'kill', app: 'worker', slot, pauseMs: 0 }),
      { needs: 'messages' },
    ),
  );

/** How often each is drawn, compared with the others: what stands here twice is drawn twice as often. */
const ANY = fc.oneof(
  send, send, send, send,
  rest, rest, rest, rest,
  edit, regenerate, regenerate,
  onMessage('cancel', (world, c) => world.cancel(c)),
  onMessage('cancel', (world, c) => world.cancel(c)),
  onMessage('delete', (world, c) => world.delete(c)),
  onMessage('feedback', (world, c) => world.rate(c, c % 2 === 0)),
  onMessage('watch', (world, c) => world.watch(c)),
  onStream('disconnect', (world, c) => world.disconnect(c)),
  onStream('resume', (world, c) => world.resume(c)),
  kill,
); // prettier-ignore

/** A sequence of at least half as many as it may have. */
export const commands = (most: number): fc.Arbitrary<Command[]> =>
  fc.array(ANY, { minLength: Math.floor(most / 2), maxLength: most, size: 'max' });
