import type { TextLimit } from '../channel-adapter';

/** How long a text is where it is sent. Characters are UTF-16 units: no system counts more of them. */
export function lengthOf(text: string, unit: TextLimit['unit']): number {
  return unit === 'characters' ? text.length : Buffer.byteLength(text);
}

/** The largest index up to which `text` from `start` has at most `room` units; never inside a surrogate pair. */
export function furthestWithin(text: string, start: number, room: number, unit: TextLimit['unit']): number {
  if (unit === 'characters') {
    const end = Math.min(text.length, start + Math.max(room, 0));
    return isInsidePair(text, end) ? end - 1 : end;
  }
  let used = 0;
  let index = start;
  while (index < text.length) {
    const point = text.codePointAt(index) ?? 0;
    used += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (used > room) break;
    index += point < 0x10000 ? 1 : 2;
  }
  return index;
}

function isInsidePair(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  const after = text.charCodeAt(index);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
