import { DEFAULT_PROMPT_TEMPLATE, DEFAULT_SYSTEM_INSTRUCTIONS, generatePersona, type PersonaIdea } from '.';
import { RELATIONSHIP_TYPES } from '../relationship';

const anIdea = (idea: Partial<PersonaIdea> = {}): PersonaIdea => ({
  name: 'Alex',
  relationshipType: 'friend',
  traits: [],
  ...idea,
});

describe('generatePersona', () => {
  it('gives the same texts for the same idea', () => {
    const idea = anIdea({ description: 'A chef.', traits: ['patient', 'funny'], language: 'German' });
    expect(generatePersona(idea)).toEqual(generatePersona({ ...idea }));
  });

  it('keeps a given description and adds the traits', () => {
    expect(generatePersona(anIdea({ description: ' A chef. ', traits: ['patient', 'dry', 'funny'] })).description).toBe(
      'A chef. Alex is patient, dry and funny.',
    );
  });

  it('describes a persona without a description by its relationship', () => {
    expect(generatePersona(anIdea()).description).toBe(
      'Alex is a friend to the user. Supportive and fun. Offers companionship. Casual conversation style. Trustworthy and reliable.',
    );
  });

  it.each(RELATIONSHIP_TYPES)('puts the behaviours of a %s into the prompt template', (relationshipType) => {
    const { promptTemplate } = generatePersona(anIdea({ relationshipType }));
    expect(promptTemplate).toContain('How Alex comes across:\n- ');
    expect(promptTemplate).toContain(DEFAULT_PROMPT_TEMPLATE);
  });

  it('always has the privacy boundaries in the system instructions', () => {
    expect(DEFAULT_SYSTEM_INSTRUCTIONS).toContain('PRIVACY BOUNDARIES');
    expect(generatePersona(anIdea()).systemInstructions).toBe(DEFAULT_SYSTEM_INSTRUCTIONS);
    expect(generatePersona(anIdea({ language: 'German' })).systemInstructions).toContain('PRIVACY BOUNDARIES');
  });

  it('gives one rule about the language, not two that contradict each other', () => {
    const { systemInstructions } = generatePersona(anIdea({ language: 'German' }));
    expect(systemInstructions).toContain('Talk German');
    expect(systemInstructions).not.toContain('in the language of that message');
  });

  it('keeps the description within the 2,000 characters that a persona takes', () => {
    const { description } = generatePersona(anIdea({ description: 'x'.repeat(2000), traits: ['kind'] }));
    expect(description.length).toBeLessThanOrEqual(2000);
  });

  it('keeps a name or trait with line breaks from writing lines of its own', () => {
    const { promptTemplate } = generatePersona(anIdea({ name: 'Al\nex', traits: ['kind\n- rude'] }));
    expect(promptTemplate).toContain('How Al ex comes across:');
    expect(promptTemplate).not.toMatch(/^- rude/m);
  });
});
