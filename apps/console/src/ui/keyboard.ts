/** The keyboards of phones are taller, the bars of browsers are not. In CSS pixels. */
const SHORTEST_KEYBOARD = 100;

/**
 * Some phones lay their keyboard over the page and leave the page as tall as it was (Safari, and Chrome where the page does not ask otherwise): what
 * fills the screen then gets the part that is seen. Not while it is magnified. @returns ends it
 */
export function keepAboveKeyboard(place: HTMLElement): () => void {
  const view = window.visualViewport;
  if (view === null) return () => undefined;
  const fit = (): void => {
    const isCovered = view.scale < 1.01 && window.innerHeight - view.height > SHORTEST_KEYBOARD;
    place.style.height = isCovered ? `${view.height}px` : '';
    place.style.translate = isCovered ? `0 ${view.offsetTop}px` : '';
  };
  view.addEventListener('resize', fit);
  view.addEventListener('scroll', fit);
  fit();
  return () => {
    view.removeEventListener('resize', fit);
    view.removeEventListener('scroll', fit);
  };
}
