import { CONVERSATION_STATES, type ConversationState } from '@app/contracts';
import { singleLine } from '@app/kernel';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import { type WorkspaceView } from '../persistence/workspaces.repository';
import { WorkspaceResponse } from './auth.response';

export class ChangeWorkspaceDto {
  /** 1 to 100 characters, on one line.
   * @example "Support team" */
  @Transform(({ value }: TransformFnParams): unknown => (typeof value === 'string' ? singleLine(value) : value))
  @ValidateIf((_dto: unknown, value: unknown) => value !== undefined)
  @IsString()
  @Length(1, 100)
  name?: string;

  /** Who keeps the context of conversations whose persona does not say it: `stateless` (it stays here and is sent with every message),
   * `conversation` (a conversation at OpenAI) or `hybrid` (both). Null: the default, `stateless`.
   * @example hybrid */
  @IsOptional()
  @IsIn(CONVERSATION_STATES)
  conversation_state?: ConversationState | null;
}

/** A workspace with its settings. */
export class WorkspaceDetailResponse extends WorkspaceResponse {
  /** Who keeps the context of conversations whose persona does not say it; null: the default, `stateless`.
   * @example null */
  conversation_state: ConversationState | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  static fromView(workspace: WorkspaceView): WorkspaceDetailResponse {
    return {
      ...WorkspaceResponse.from(workspace),
      conversation_state: workspace.conversationState,
      created_at: workspace.createdAt.toISOString(),
    };
  }
}

export class WorkspaceListResponse {
  /** At most 200. */
  workspaces: WorkspaceDetailResponse[];
}
