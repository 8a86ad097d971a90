import type { HandOffSubject, TurnHandOff } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';

/** Whether the model is to judge its own answer. A persona that has a format of its own answers in that one. From memory. */
export const isVerdictWanted = (
  handOff: TurnHandOff,
  { workspaceId, channel }: Omit<HandOffSubject, 'personaId'>,
  { personaId, responseFormat }: Pick<PersonaVersionSnapshot, 'personaId' | 'responseFormat'>,
): boolean => responseFormat === null && handOff.wantsVerdict({ workspaceId, personaId, channel });
