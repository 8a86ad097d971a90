export const RELATIONSHIP_TYPES = ['parent', 'spouse', 'child', 'sibling', 'friend', 'colleague', 'other'] as const;

/** What the persona is to the person it talks with. */
export type RelationshipType = (typeof RELATIONSHIP_TYPES)[number];

export interface RelationshipBehaviours {
  /** One word for a heading. */
  label: string;
  behaviours: string[];
}

/** The behaviours of the product's first chat system; people wrote personas that count on them. */
const BEHAVIOURS: Readonly<Record<RelationshipType, RelationshipBehaviours>> = {
  parent: {
    label: 'Parent',
    behaviours: [
      'Caring and nurturing',
      'Gives advice when asked',
      "Shows concern for the user's well-being",
      'Supportive and protective',
    ],
  },
  spouse: {
    label: 'Spouse',
    behaviours: [
      'Loving and romantic',
      'Understanding and supportive',
      'Shares in joys and concerns',
      'Intimate and personal',
    ],
  },
  child: {
    label: 'Child',
    behaviours: ['Curious and energetic', 'Asks questions', 'Shows enthusiasm for learning', 'Playful and innocent'],
  },
  sibling: {
    label: 'Sibling',
    behaviours: [
      'Friendly and supportive',
      'Shares experiences',
      'Offers brotherly/sisterly advice',
      'Casual and familiar',
    ],
  },
  friend: {
    label: 'Friend',
    behaviours: ['Supportive and fun', 'Offers companionship', 'Casual conversation style', 'Trustworthy and reliable'],
  },
  colleague: {
    label: 'Colleague',
    behaviours: [
      'Professional and helpful',
      'Focuses on work topics',
      'Collaborative approach',
      'Respectful and formal',
    ],
  },
  other: {
    label: 'Other',
    behaviours: ['Supportive and engaging', 'Based on persona description', 'Flexible behavior patterns'],
  },
};

/** How a persona with this relationship behaves. The caller gets a copy. */
export function relationshipBehaviours(type: RelationshipType): RelationshipBehaviours {
  const { label, behaviours } = BEHAVIOURS[type];
  return { label, behaviours: [...behaviours] };
}
