import type { EscalationTarget, FollowedTarget, SocketTarget } from '@app/contracts';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Names no session has; a longer one is not looked for. */
export const MAX_SESSION_ID_LENGTH = 100;
export const MAX_SEQ = 2_147_483_647;

/** Which conversation an event is about. Without either: the session of the handshake, or the only one that the socket follows. */
export class TargetDto implements SocketTarget {
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SESSION_ID_LENGTH)
  sessionId?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  conversationId?: number;
}

/** For events of both the customer and the team. */
export class FollowedTargetDto extends TargetDto implements FollowedTarget {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  escalationId?: number;
}

/** For events of the team. */
export class EscalationTargetDto implements EscalationTarget {
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  escalationId: number;
}
