import type { EscalationStatus } from '@app/contracts';
import { AppError } from '@app/kernel';

export const escalationNotFound = (id: number): AppError =>
  new AppError(
    'ESCALATION.NOT_FOUND',
    404,
    `Escalation ${id} was not found. GET /escalations lists those of your team.`,
  );

export const agentsOnly = (workspaceId: number): AppError =>
  new AppError(
    'ESCALATION.AGENTS_ONLY',
    403,
    `Only owners of workspace ${workspaceId} and people whom they have made agents may do this. An owner adds you with PUT /escalations/agents/{user_id}.`,
  );

export const escalationTaken = (id: number): AppError =>
  new AppError(
    'ESCALATION.TAKEN',
    409,
    `Escalation ${id} is somebody else's of the team. While it is open, POST /escalations/${id}/assign gives it to you; later whoever has it, or an owner, hands it on with POST /escalations/${id}/transfer.`,
  );

export const escalationIs = (id: number, status: EscalationStatus): AppError =>
  new AppError('ESCALATION.STATE', 409, `Escalation ${id} is ${status}, so this cannot be done. Read it again.`);

export const notYours = (id: number): AppError =>
  new AppError(
    'ESCALATION.NOT_YOURS',
    409,
    `Escalation ${id} is not yours. Take it first with POST /escalations/${id}/claim; an owner takes it over with POST /escalations/${id}/transfer.`,
  );

export const fileNotFound = (id: number): AppError =>
  new AppError(
    'ESCALATION.FILE_NOT_FOUND',
    404,
    `File ${id} came with no message of this escalation, or is erased. The messages name their files.`,
  );

export const alreadyEscalated = (conversationId: number, id: number): AppError =>
  new AppError('ESCALATION.EXISTS', 409, `Conversation ${conversationId} is escalation ${id} already.`);

/** Erased while something was done with it. */
export const conversationGone = (id: number): AppError =>
  new AppError('CONVERSATION.NOT_FOUND', 404, `Conversation ${id} was not found.`);

export const notEscalatable = (conversationId: number): AppError =>
  new AppError(
    'ESCALATION.FORBIDDEN',
    403,
    `Conversation ${conversationId} is private: only the person whose it is can ask for somebody of the team.`,
  );

export const agentNotFound = (userId: number): AppError =>
  new AppError(
    'ESCALATION.AGENT_NOT_FOUND',
    404,
    `User ${userId} is no agent of this workspace. GET /escalations/agents lists them.`,
  );

export const memberNotFound = (userId: number): AppError =>
  new AppError('ESCALATION.MEMBER_NOT_FOUND', 404, `User ${userId} is no member of this workspace.`);

export const nothingToRate = (): AppError =>
  new AppError(
    'ESCALATION.NOT_ASKED',
    409,
    'Nobody has asked how it was. Rate when a person of the team has finished.',
  );
