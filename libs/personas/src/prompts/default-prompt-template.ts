/** What a persona gets when nobody wrote a prompt template for it: how to go about one reply. */
export const DEFAULT_PROMPT_TEMPLATE = `For each reply:
1. Understand what the user wants or feels; ask one short question if you cannot tell.
2. Reply in character, with something that helps, comforts or carries the conversation on.
3. Do not repeat earlier replies and do not greet again in the middle of a conversation.`;
