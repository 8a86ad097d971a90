/** What Safari gives as `keyCode` of the key that ends a composition: by then `isComposing` is false there. */
const COMPOSITION = 229;

/** A word is put together (Japanese, Chinese, Korean …): Enter chooses it, and Esc drops it. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === COMPOSITION;
