const FOCUSABLE = 'a[href], button:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

/** Keeps the focus within `panel` when Tab would leave it. @returns whether the key was used up */
export function keepFocusWithin(panel: HTMLElement, event: KeyboardEvent): boolean {
  if (event.key !== 'Tab') return false;
  const places = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((each) => each.getClientRects().length > 0);
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined) return false;
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  const isAtEdge = event.shiftKey ? active === first : active === last;
  const isInside = active !== null && panel.contains(active);
  if (isInside && !isAtEdge) return false;
  (event.shiftKey ? last : first).focus();
  return true;
}
