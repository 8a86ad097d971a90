/** Where something is said at Mattermost. */
export interface Place {
  /** Channel id, 26 characters. */
  channelId: string;
  /** The post that the thread hangs from; null when it is said openly. */
  rootId: string | null;
  /** Asked for with the slash command. */
  isCommand: boolean;
}

const COMMAND = 'command';

/** A conversation of its own for each person in it: a thread, a command, or a direct message without a thread. */
export const threadKeyOf = ({ channelId, rootId, isCommand }: Place): string =>
  `${channelId}:${isCommand ? COMMAND : (rootId ?? '')}`;

/** Of a thread's key; null when it is none of Mattermost's. */
export function placeOf(threadKey: string): Place | null {
  const [, channelId, rest] = /^([^:]+):(.*)$/.exec(threadKey) ?? [];
  if (channelId === undefined || rest === undefined) return null;
  if (rest === COMMAND) return { channelId, rootId: null, isCommand: true };
  return { channelId, rootId: rest === '' ? null : rest, isCommand: false };
}
