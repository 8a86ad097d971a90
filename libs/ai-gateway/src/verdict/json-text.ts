/** Characters that an escape of one letter stands for. */
const ESCAPED: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * The text of one JSON string as it comes, from after its opening quote. Gives out whole characters only: of a pair of surrogates, however written, both or none;
 * one without its other half becomes U+FFFD, and NUL is left out, as in everything that is stored. Escapes that JSON does not know stand for themselves.
 */
export class JsonText {
  isEnded = false;
  /** An escape that is not complete, with its backslash. */
  private escape = '';
  /** The first half of a pair. */
  private high = '';

  /** Reads on in `text` from `from`. @returns the place after what was read, which is the end, or the one after the closing quote */
  read(text: string, from: number, give: (part: string) => void): number {
    let place = from;
    while (place < text.length && !this.isEnded) {
      if (this.escape !== '') {
        this.escape += text[place]!;
        place += 1;
        this.readEscape(give);
        continue;
      }
      let end = place;
      while (end < text.length && text[end] !== '"' && text[end] !== '\\') end += 1;
      if (end > place) this.add(text.slice(place, end), give);
      if (end === text.length) return end;
      place = end + 1;
      if (text[end] === '"') {
        this.finish(give);
        return place;
      }
      this.escape = '\\';
    }
    return place;
  }

  /** What is left when nothing comes any more: half a character is none. */
  finish(give: (part: string) => void): void {
    this.isEnded = true;
    this.escape = '';
    if (this.high !== '') give('\ufffd');
    this.high = '';
  }

  private readEscape(give: (part: string) => void): void {
    const { escape } = this;
    const kind = escape[1]!;
    if (kind !== 'u') {
      this.escape = '';
      this.add(ESCAPED[kind] ?? kind, give);
      return;
    }
    const digits = escape.slice(2);
    if (!/^[\da-f]*$/i.test(digits)) {
      // What does not belong to it may be a quote, or the next escape: it is read for itself.
      this.escape = '';
      this.add('\ufffd', give);
      this.read(digits.slice(-1), 0, give);
    } else if (digits.length === 4) {
      this.escape = '';
      this.add(String.fromCharCode(Number.parseInt(digits, 16)), give);
    }
  }

  private add(text: string, give: (part: string) => void): void {
    let ready = text;
    if (this.high !== '') {
      ready = isLow(text.charCodeAt(0)) ? this.high + text : `\ufffd${text}`;
      this.high = '';
    }
    if (isHigh(ready.charCodeAt(ready.length - 1))) {
      this.high = ready.slice(-1);
      ready = ready.slice(0, -1);
    }
    const clean = ready.replaceAll('\0', '').toWellFormed();
    if (clean !== '') give(clean);
  }
}
