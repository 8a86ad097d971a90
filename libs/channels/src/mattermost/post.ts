import { isRecord, type Json, recordIn, recordsIn, textIn, timeIn } from '../meta/json';
import type { RemoteMedia } from '../core/channel-adapter';

/** Of posts, channels, users and files: 26 letters and digits. @see https://github.com/mattermost/mattermost/blob/master/server/public/model/utils.go */
const ID = /^[a-z0-9]{26}$/;

export const isMattermostId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/** O: open, P: private, D: direct, G: of a group of people. */
export type MattermostChannelType = 'O' | 'P' | 'D' | 'G';

/** A post as the REST API and the WebSocket tell it. @see https://github.com/mattermost/mattermost/blob/master/server/public/model/post.go */
export interface MattermostPost {
  id: string;
  channelId: string;
  userId: string;
  /** Null: it begins a thread, or stands alone. */
  rootId: string | null;
  message: string;
  /** Empty: somebody has written it; else the system has. */
  type: string;
  props: Json;
  /** Milliseconds, by the server's clock. */
  createAt: number;
  updateAt: number;
  /** 0 while it is there. */
  deleteAt: number;
  files: RemoteMedia[];
}

/** Longest message that a server can be set up for. */
const MAX_MESSAGE = 70_000;
const MAX_FILES = 10;

const msIn = (from: Json, name: string): number => timeIn(from, name)?.getTime() ?? 0;

/** Null when it is none. */
export function postOf(value: unknown): MattermostPost | null {
  if (!isRecord(value)) return null;
  const { id, channel_id: channelId, user_id: userId, root_id: rootId } = value;
  if (!isMattermostId(id) || !isMattermostId(channelId) || !isMattermostId(userId)) return null;
  return {
    id,
    channelId,
    userId,
    rootId: isMattermostId(rootId) ? rootId : null,
    message: textIn(value, 'message', MAX_MESSAGE) ?? '',
    type: textIn(value, 'type', 60) ?? '',
    props: recordIn(value, 'props') ?? {},
    createAt: msIn(value, 'create_at'),
    updateAt: msIn(value, 'update_at'),
    deleteAt: msIn(value, 'delete_at'),
    files: filesOf(value),
  };
}

/** With what is known of them; files of which only the id is told come all the same. */
function filesOf(post: Json): RemoteMedia[] {
  const told = recordsIn(recordIn(post, 'metadata'), 'files');
  const ids = Array.isArray(post.file_ids) ? post.file_ids.filter(isMattermostId) : [];
  return ids.slice(0, MAX_FILES).map((id) => {
    const info = told.find((file) => file.id === id);
    const contentType = textIn(info, 'mime_type', 200);
    return { ref: id, kind: kindOf(contentType), contentType, fileName: textIn(info, 'name', 200) };
  });
}

function kindOf(contentType: string | null): RemoteMedia['kind'] {
  const [, kind] = /^(image|audio|video)\//.exec(contentType ?? '') ?? [];
  return (kind as 'image' | 'audio' | 'video' | undefined) ?? 'document';
}
