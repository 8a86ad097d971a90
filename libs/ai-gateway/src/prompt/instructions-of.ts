import { type PersonaVersionSnapshot, relationshipBehaviours } from '@app/personas';
import type { SessionPrompt } from '@app/sessions';
import { buildInstructions } from './prompt-builder';

/** The system prompt of a persona as the model gets it. @param session whose it answers in; null for none */
export const instructionsOf = (persona: PersonaVersionSnapshot, session: SessionPrompt | null = null): string =>
  buildInstructions({
    persona: { name: persona.name, description: persona.description },
    systemInstructions: persona.systemInstructions,
    // In a session `other` has nothing to add to who the persona is: then the prompt has the sections of a coaching prompt and no more.
    relationship:
      session !== null && persona.relationshipType === 'other'
        ? null
        : relationshipBehaviours(persona.relationshipType),
    promptTemplate: persona.promptTemplate,
    client: session?.client,
    goals: session?.goals,
  });
