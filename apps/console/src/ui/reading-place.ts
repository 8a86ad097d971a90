import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** So near to its end the list is taken to be at its end, in pixels. */
const NEAR_END = 80;

/**
 * Where one reads in a list that grows at both ends: at its end one stays there, also when the list gets lower (keyboards of phones, long messages in the
 * field); elsewhere one stays where one is, also when earlier messages come above.
 * @param firstSeq of the first message of the list
 */
export function useReadingPlace(firstSeq: number | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef({ firstSeq, height: 0 });
  const stays = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  const toEnd = (): void => {
    const list = scroller.current;
    if (list !== null) list.scrollTop = list.scrollHeight;
  };
  const noteScroll = (): void => {
    const list = scroller.current;
    if (list === null) return;
    stays.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    setAtEnd(stays.current);
  };

  useLayoutEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    const { firstSeq: first, height } = before.current;
    if (stays.current) toEnd();
    else if (first !== undefined && firstSeq !== undefined && firstSeq < first) {
      list.scrollTop += list.scrollHeight - height;
    }
    before.current = { firstSeq, height: list.scrollHeight };
  });
  useEffect(() => {
    const watched = new ResizeObserver(() => stays.current && toEnd());
    watched.observe(scroller.current!);
    return () => watched.disconnect();
  }, []);

  return { scroller, isAtEnd, noteScroll, toEnd };
}
