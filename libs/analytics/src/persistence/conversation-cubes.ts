import type { CubeOfSums } from './cubes';

/** What is summed up of conversations: columns of `conversation_figures` and of `conversation_rollups`. */
export const CONVERSATION_MEASURES = ['created', 'deleted', 'first_active', 'first_active_with_persona'] as const;

export const CONVERSATION_DIMENSIONS = ['workspace_id', 'user_id', 'persona_id', 'channel'] as const;
type Dimension = (typeof CONVERSATION_DIMENSIONS)[number];

/**
 * From small to large. A persona belongs to one workspace, so telling workspaces apart costs no row there. Sums that would be nearly as many as there
 * are conversations are left out: hours of personas and users, and all but months of what tells everything apart.
 */
export const CONVERSATION_CUBES: readonly CubeOfSums<Dimension>[] = [
  { cube: 1, kept: [], grains: ['month', 'day', 'hour', 'quarter'] },
  { cube: 2, kept: ['workspace_id'], grains: ['month', 'day', 'hour'] },
  { cube: 3, kept: ['channel'], grains: ['month', 'day', 'hour'] },
  { cube: 4, kept: ['workspace_id', 'persona_id'], grains: ['month', 'day'] },
  { cube: 5, kept: ['user_id'], grains: ['month', 'day'] },
  { cube: 6, kept: CONVERSATION_DIMENSIONS, grains: ['month'] },
];
