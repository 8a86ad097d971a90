import { RELATIONSHIP_TYPES, relationshipBehaviours } from './relationship';

describe('relationshipBehaviours', () => {
  it('knows the seven relationships', () => {
    expect(RELATIONSHIP_TYPES).toEqual(['parent', 'spouse', 'child', 'sibling', 'friend', 'colleague', 'other']);
  });

  it.each(RELATIONSHIP_TYPES)('says how a %s behaves', (type) => {
    const { label, behaviours } = relationshipBehaviours(type);
    expect(label.toLowerCase()).toBe(type);
    expect(behaviours.length).toBeGreaterThanOrEqual(3);
  });

  it('gives each relationship behaviours of its own', () => {
    const all = RELATIONSHIP_TYPES.map((type) => relationshipBehaviours(type).behaviours.join('|'));
    expect(new Set(all).size).toBe(RELATIONSHIP_TYPES.length);
  });

  it('gives a copy: what a caller does with it changes nothing', () => {
    relationshipBehaviours('friend').behaviours.push('Rude');
    expect(relationshipBehaviours('friend').behaviours).not.toContain('Rude');
  });
});
