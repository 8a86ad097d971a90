import { type Place, placeOf, threadKeyOf } from './place';

const CHANNEL = 'c'.repeat(26);
const ROOT = 'r'.repeat(26);

describe('where something is said', () => {
  it.each<[Place, string]>([
    [{ channelId: CHANNEL, rootId: ROOT, isCommand: false }, `${CHANNEL}:${ROOT}`],
    [{ channelId: CHANNEL, rootId: null, isCommand: false }, `${CHANNEL}:`],
    [{ channelId: CHANNEL, rootId: null, isCommand: true }, `${CHANNEL}:command`],
    [{ channelId: CHANNEL, rootId: ROOT, isCommand: true }, `${CHANNEL}:command:${ROOT}`],
  ])('%j is the thread %s, and the other way round', (place, key) => {
    expect(threadKeyOf(place)).toBe(key);
    expect(placeOf(key)).toEqual(place);
  });

  it('what is no thread of Mattermost is no place', () => {
    expect([placeOf(''), placeOf('x'), placeOf(':x')]).toEqual([null, null, null]);
  });
});
