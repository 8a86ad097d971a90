/** Somebody of the fake; bots too. */
export interface FakeUser {
  id: string;
  username: string;
  isBot: boolean;
  /** `system_admin` may everything. */
  roles: string[];
  password: string;
  /** What the authenticator shows; empty: none is asked for. */
  mfaCode: string;
  /** Epoch milliseconds; 0: active. */
  deleteAt: number;
  createAt: number;
  displayName: string;
  description: string;
  ownerId: string;
}

export interface FakeToken {
  id: string;
  token: string;
  userId: string;
  description: string;
  isActive: boolean;
  /** Of a login; it ends with the logout. */
  isSession: boolean;
}

export interface FakeTeam {
  id: string;
  name: string;
  members: Set<string>;
}

/** Open, private, direct, group. */
export type ChannelType = 'O' | 'P' | 'D' | 'G';

export interface FakeChannel {
  id: string;
  name: string;
  type: ChannelType;
  /** Empty for direct and group channels. */
  teamId: string;
  members: Set<string>;
  deleteAt: number;
  createAt: number;
  /** Create time of the newest post, epoch milliseconds. */
  lastPostAt: number;
}

export interface FakeFile {
  id: string;
  userId: string;
  channelId: string;
  postId: string;
  name: string;
  mimeType: string;
  content: Buffer;
  createAt: number;
}

/** As it goes over the wire. */
export interface FakePost {
  id: string;
  create_at: number;
  update_at: number;
  edit_at: number;
  delete_at: number;
  is_pinned: boolean;
  user_id: string;
  channel_id: string;
  root_id: string;
  original_id: string;
  message: string;
  type: string;
  props: Record<string, unknown>;
  hashtags: string;
  file_ids: string[];
  pending_post_id: string;
  remote_id: string;
  reply_count: number;
  last_reply_at: number;
  participants: null;
  metadata: Record<string, unknown>;
}

/** As it goes over the wire. */
export interface FakeOutgoingHook {
  id: string;
  token: string;
  create_at: number;
  update_at: number;
  delete_at: number;
  creator_id: string;
  channel_id: string;
  team_id: string;
  trigger_words: string[];
  /** 0: the first word is one of them; 1: it begins with one. */
  trigger_when: number;
  callback_urls: string[];
  display_name: string;
  description: string;
  content_type: string;
  username: string;
  icon_url: string;
}

/** As it goes over the wire. */
export interface FakeCommand {
  id: string;
  token: string;
  create_at: number;
  update_at: number;
  delete_at: number;
  creator_id: string;
  team_id: string;
  trigger: string;
  /** P: POST, G: GET. */
  method: string;
  username: string;
  icon_url: string;
  auto_complete: boolean;
  auto_complete_desc: string;
  auto_complete_hint: string;
  display_name: string;
  description: string;
  url: string;
}

/** What a `response_url` stands for. */
export interface CommandReply {
  id: string;
  commandId: string;
  userId: string;
  channelId: string;
  rootId: string;
  createAt: number;
  uses: number;
}

/** What only one person was shown; it is not stored as a post. */
export interface FakeEphemeral {
  userId: string;
  channelId: string;
  rootId: string;
  text: string;
  /** Epoch milliseconds. */
  at: number;
}
