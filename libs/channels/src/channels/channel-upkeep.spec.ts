import type { JobWorker } from '@app/platform';
import { ChannelUpkeep } from './channel-upkeep.service';

/** What is registered with it, to be run by hand. */
class Registered {
  run: () => Promise<void> = () => Promise.reject(new Error('nothing is registered'));

  register(name: string, run: () => Promise<void>): void {
    expect(name).toBe('channels.upkeep');
    this.run = run;
  }
}

describe('upkeep of channels', () => {
  const started = (): { upkeep: ChannelUpkeep; jobs: Registered } => {
    const jobs = new Registered();
    const upkeep = new ChannelUpkeep(jobs as unknown as JobWorker);
    upkeep.onModuleInit();
    return { upkeep, jobs };
  };

  it('does everything that was registered, and one that fails keeps nothing else from being done', async () => {
    const { upkeep, jobs } = started();
    const done: string[] = [];
    const note = (name: string) => (): Promise<void> => Promise.resolve(void done.push(name));
    upkeep.register('first', note('first'));
    upkeep.register('broken', () => Promise.reject(new Error('as it is')));
    upkeep.register('last', note('last'));
    await expect(jobs.run()).rejects.toThrow('Upkeep of channels failed: broken.');
    expect(done).toEqual(['first', 'last']);
  });

  it('knows each task once', () => {
    const { upkeep } = started();
    upkeep.register('inbox', () => Promise.resolve());
    expect(() => upkeep.register('inbox', () => Promise.resolve())).toThrow('Two tasks of channels are called inbox.');
  });
});
