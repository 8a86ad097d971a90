/** One server-sent event: its `event:` name, and its `data:` lines joined. */
export interface SseEvent {
  name: string | null;
  data: string;
}

/** An event larger than this is not an answer of a model; the limit keeps a broken upstream from filling the memory. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Cuts a byte stream into server-sent events (WHATWG HTML, "Interpreting an event stream").
 * Comments, `id:` and `retry:` are dropped; events without data are too. Bytes may be cut anywhere, also inside a character.
 */
export class SseParser {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private endedWithCarriageReturn = false;
  private name: string | null = null;
  private data: string[] = [];
  private size = 0;

  /**
   * Takes the next bytes and returns the events they complete.
   * @throws RangeError when a single event exceeds 16 million characters.
   */
  push(bytes: Uint8Array): SseEvent[] {
    return this.take(this.decoder.decode(bytes, { stream: true }));
  }

  /** Takes the end of the stream: some servers leave out the blank line after their last event. */
  finish(): SseEvent[] {
    const events = this.take(`${this.decoder.decode()}\n\n`);
    this.rest = '';
    return events;
  }

  private take(chunk: string): SseEvent[] {
    const events: SseEvent[] = [];
    let text = chunk;
    if (this.endedWithCarriageReturn && text.length > 0) {
      // The line break was "\r\n", cut in the middle: its "\r" already ended the line.
      if (text.startsWith('\n')) text = text.slice(1);
      this.endedWithCarriageReturn = false;
    }
    // What waits is not looked at again, nor even put together, before its line ends: an event of megabytes comes in thousands of pieces.
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at);
      if (character !== 10 && character !== 13) continue;
      const event = this.line(this.rest + text.slice(start, at));
      this.rest = '';
      if (event) events.push(event);
      if (character === 13) {
        if (at + 1 === text.length) this.endedWithCarriageReturn = true;
        else if (text.charCodeAt(at + 1) === 10) at++;
      }
      start = at + 1;
    }
    this.rest += text.slice(start);
    if (this.size + this.rest.length > MAX_EVENT_CHARACTERS) throw new RangeError('The event is too large.');
    return events;
  }

  private line(line: string): SseEvent | null {
    if (line === '') {
      const event = this.data.length > 0 ? { name: this.name, data: this.data.join('\n') } : null;
      this.name = null;
      this.data = [];
      this.size = 0;
      return event;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return null;
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === 'event') {
      this.name = value;
    } else {
      this.data.push(value);
      this.size += value.length;
    }
    return null;
  }
}
