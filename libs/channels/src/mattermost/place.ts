/** Where something is said at Mattermost. */
export interface Place {
  /** Channel id, 26 characters. */
  channelId: string;
  /** The post that the thread begins with; null when it is said openly. */
  rootId: string | null;
  /** Asked for with the slash command. */
  isCommand: boolean;
}

const COMMAND = 'command';

/** A conversation of its own for each person in it: a thread, a command (there or in a thread), or a direct message without a thread. */
export const threadKeyOf = ({ channelId, rootId, isCommand }: Place): string =>
  [channelId, ...(isCommand ? [COMMAND] : []), ...(rootId === null && isCommand ? [] : [rootId ?? ''])].join(':');

/** Of a thread's key; null when it is none of Mattermost's. */
export function placeOf(threadKey: string): Place | null {
  const [channelId, ...rest] = threadKey.split(':');
  if (channelId === undefined || channelId === '' || rest.length === 0) return null;
  const isCommand = rest[0] === COMMAND;
  const rootId = (isCommand ? rest[1] : rest[0]) ?? '';
  return { channelId, rootId: rootId === '' ? null : rootId, isCommand };
}
