import { type TokenPair } from '../logins.service';
import { type UserView } from '../persistence/users.repository';
import { type MembershipView } from '../persistence/workspaces.repository';

/** A pair of tokens. Keep the refresh token secret: it stays good for 30 days. */
export class TokenResponse {
  /** Send it as `Authorization: Bearer …`.
   * @example eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjFhMmIzYzRkIn0.eyJsaWQiOjF9.c2lnbmF0dXJl */
  access_token: string;

  /** Good once, for POST /auth/refresh.
   * @example prt_1q0Zl3mVbT5cXk0nqJYwH8m3u2fYp6dE4sR7aG9hWxs */
  refresh_token: string;

  /** @example bearer */
  token_type: 'bearer';

  /** Seconds until the access token expires; at most 900.
   * @example 900 */
  expires_in: number;

  static from(tokens: TokenPair): TokenResponse {
    return {
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      token_type: 'bearer',
      expires_in: tokens.expiresInSeconds,
    };
  }
}

export class UserResponse {
  /** @example 1 */
  id: number;

  /** The e-mail address, in lower case.
   * @example user@example.com */
  username: string;

  /** @example "Sam Rivera" */
  name: string | null;

  /** The first account of an installation is its admin.
   * @example false */
  is_instance_admin: boolean;

  /** Your personal workspace.
   * @example 2 */
  workspace_id: number;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  static from(user: UserView): UserResponse {
    return {
      id: user.id,
      username: user.username,
      name: user.name,
      is_instance_admin: user.isInstanceAdmin,
      workspace_id: user.workspaceId,
      created_at: user.createdAt.toISOString(),
    };
  }
}

/** The new account, already logged in. */
export class RegisteredResponse extends UserResponse {
  /** Send it as `Authorization: Bearer …`.
   * @example eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjFhMmIzYzRkIn0.eyJsaWQiOjF9.c2lnbmF0dXJl */
  access_token: string;

  /** Good once, for POST /auth/refresh.
   * @example prt_1q0Zl3mVbT5cXk0nqJYwH8m3u2fYp6dE4sR7aG9hWxs */
  refresh_token: string;

  /** @example bearer */
  token_type: 'bearer';

  /** Seconds until the access token expires; at most 900.
   * @example 900 */
  expires_in: number;

  static fromRegistration(user: UserView, tokens: TokenPair): RegisteredResponse {
    return { ...UserResponse.from(user), ...TokenResponse.from(tokens) };
  }
}

/** A workspace that you are a member of. */
export class WorkspaceResponse {
  /** @example 2 */
  id: number;

  /** @example "Sam Rivera" */
  name: string;

  /** Everybody has one personal workspace; teams share the others.
   * @example personal */
  kind: 'personal' | 'team';

  /** An owner may edit what the workspace's members share.
   * @example owner */
  role: 'owner' | 'member';

  static from(membership: MembershipView): WorkspaceResponse {
    return { id: membership.id, name: membership.name, kind: membership.kind, role: membership.role };
  }
}

export class MeResponse extends UserResponse {
  /** The workspaces that you are a member of, the personal one first; at most 200. */
  workspaces: WorkspaceResponse[];

  static fromAccount(account: { user: UserView; workspaces: MembershipView[] }): MeResponse {
    return {
      ...UserResponse.from(account.user),
      workspaces: account.workspaces.map((membership) => WorkspaceResponse.from(membership)),
    };
  }
}
