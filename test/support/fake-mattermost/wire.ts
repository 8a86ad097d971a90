import type { FakeChannel, FakeFile, FakePost, FakeTeam, FakeUser } from './records';

type Json = Record<string, unknown>;

export function userJson(user: FakeUser): Json {
  return {
    id: user.id,
    create_at: user.createAt,
    update_at: user.createAt,
    delete_at: user.deleteAt,
    username: user.username,
    auth_data: '',
    auth_service: '',
    email: `${user.username}@example.test`,
    nickname: '',
    first_name: user.displayName,
    last_name: '',
    position: '',
    roles: user.roles.join(' '),
    locale: 'en',
    timezone: { automaticTimezone: '', manualTimezone: '', useAutomaticTimezone: 'true' },
    ...(user.isBot ? { is_bot: true, bot_description: user.description } : {}),
  };
}

export function botJson(user: FakeUser): Json {
  return {
    user_id: user.id,
    username: user.username,
    display_name: user.displayName,
    description: user.description,
    owner_id: user.ownerId,
    create_at: user.createAt,
    update_at: user.createAt,
    delete_at: user.deleteAt,
  };
}

export function teamJson(team: FakeTeam): Json {
  return { id: team.id, name: team.name, display_name: team.name, type: 'O', delete_at: 0, description: '' };
}

export function memberJson(teamId: string, userId: string): Json {
  return { team_id: teamId, user_id: userId, roles: 'team_user', delete_at: 0, scheme_user: true };
}

export function channelJson(channel: FakeChannel): Json {
  return {
    id: channel.id,
    create_at: channel.createAt,
    update_at: channel.createAt,
    delete_at: channel.deleteAt,
    team_id: channel.teamId,
    type: channel.type,
    display_name: channel.type === 'D' ? '' : channel.name,
    name: channel.name,
    header: '',
    purpose: '',
    last_post_at: channel.lastPostAt,
    last_root_post_at: channel.lastPostAt,
    total_msg_count: 0,
    creator_id: '',
  };
}

export function fileJson(file: FakeFile): Json {
  return {
    id: file.id,
    user_id: file.userId,
    post_id: file.postId,
    channel_id: file.channelId,
    create_at: file.createAt,
    update_at: file.createAt,
    delete_at: 0,
    name: file.name,
    extension: file.name.includes('.') ? file.name.split('.').pop() : '',
    size: file.content.length,
    mime_type: file.mimeType,
    has_preview_image: false,
  };
}

/** `file_ids` is left out when there are none. */
export function postJson(post: FakePost, files: FakeFile[] = []): Json {
  const { file_ids: fileIds, ...rest } = post;
  if (fileIds.length === 0) return { ...rest };
  return { ...rest, file_ids: fileIds, metadata: { ...post.metadata, files: files.map(fileJson) } };
}
