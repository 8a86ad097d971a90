import { type PersonaVersionSnapshot, relationshipBehaviours } from '@app/personas';
import { buildInstructions } from './prompt-builder';

/** The system prompt of a persona as the model gets it. */
export const instructionsOf = (persona: PersonaVersionSnapshot): string =>
  buildInstructions({
    persona: { name: persona.name, description: persona.description },
    systemInstructions: persona.systemInstructions,
    relationship: relationshipBehaviours(persona.relationshipType),
    promptTemplate: persona.promptTemplate,
  });
