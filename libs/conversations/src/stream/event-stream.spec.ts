import { flawsOf, type TranscriptEvent } from '../../../../test/support/transcript';
import { TurnEventStream } from './event-stream';
import { endedTurn } from './stream.spec-support';
import { TurnFeed } from './turn-feed';
import type { OpenFeed } from './turn-feeds';

/** 10 MB in pieces as a worker sends them, with characters that take more than one byte. */
const PIECE = 'täglich 100 Wörter 🙂 '.repeat(50);
const PIECES = Math.ceil((10 * 1024 * 1024) / Buffer.byteLength(PIECE));
/** One buffer of the stream, and one piece on top: 16,000 code units, of which each may take six bytes in JSON. */
const MOST_BYTES = 16 * 1024 + 16_000 * 6;

class Followed {
  readonly feed = new TurnFeed();
  isClosed = false;
  private listeners: (() => void)[] = [];
  readonly open: OpenFeed = {
    feed: this.feed,
    view: endedTurn({ status: 'completed', reply: null }),
    onChange: (listener) => void this.listeners.push(listener),
    close: () => void (this.isClosed = true),
  };

  changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function eventsIn(text: string): TranscriptEvent[] {
  return text.split('\n\n').flatMap((block) => {
    const fields = new Map(block.split('\n').map((line) => [line.split(': ')[0]!, line.slice(line.indexOf(': ') + 2)]));
    const data = fields.get('data');
    if (data === undefined) return [];
    return [
      { id: Number(fields.get('id')), event: fields.get('event')!, data: JSON.parse(data) as TranscriptEvent['data'] },
    ];
  });
}

async function readAll(stream: TurnEventStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}

describe('the stream of one reader', () => {
  it('holds a bounded buffer while 10 MB pass a reader that does not read, who then gets everything in order and in few pieces', async () => {
    const followed = new Followed();
    const stream = new TurnEventStream(followed.open, 0);
    stream.read(1);
    followed.feed.take(1, [{ n: 1, kind: 'started' }]);
    let most = 0;
    for (let index = 0; index < PIECES; index += 1) {
      followed.feed.take(1, [{ n: index + 2, kind: 'delta', offset: index * PIECE.length, delta: PIECE }]);
      followed.changed();
      most = Math.max(most, stream.readableLength);
    }
    expect(most).toBeLessThanOrEqual(MOST_BYTES);
    const reply = PIECE.repeat(PIECES);
    followed.feed.finish(endedTurn({ status: 'completed', reply, lastEvent: PIECES + 2 }));
    followed.changed();
    expect(stream.readableLength).toBeLessThanOrEqual(MOST_BYTES);
    const events = eventsIn(await readAll(stream));
    expect(flawsOf(events)).toEqual([]);
    expect(events.length).toBeLessThan(reply.length / 14_000 + 10);
    expect(followed.isClosed).toBe(true);
  });

  it('a reader that knew the end already gets an empty answer', async () => {
    const followed = new Followed();
    followed.feed.finish(endedTurn({ status: 'completed', reply: 'all', lastEvent: 3 }));
    expect(eventsIn(await readAll(new TurnEventStream(followed.open, 3)))).toEqual([]);
  });

  it('lets go of the feed when the reader goes away', async () => {
    const followed = new Followed();
    const stream = new TurnEventStream(followed.open, 0);
    stream.resume();
    followed.feed.take(1, [{ n: 1, kind: 'started' }]);
    followed.changed();
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy();
    await closed;
    followed.changed();
    expect(followed.isClosed).toBe(true);
  });

  it('ends early in order when its process ends: what came before is whole, and no end of the turn is told', async () => {
    const followed = new Followed();
    const stream = new TurnEventStream(followed.open, 0);
    const all = readAll(stream);
    followed.feed.take(1, [
      { n: 1, kind: 'started' },
      { n: 2, kind: 'delta', offset: 0, delta: 'so far' },
    ]);
    followed.changed();
    stream.endEarly();
    stream.endEarly();
    const events = eventsIn(await all);
    expect(flawsOf(events, false)).toEqual([]);
    expect(followed.isClosed).toBe(true);
  });
});
