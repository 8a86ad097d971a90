/** Whether a user is an agent there; whoever has left the workspace is none of its team all the same. */
export const isAgent = (workspace: string, user: string): string =>
  `EXISTS (SELECT 1 FROM support_agents a WHERE a.workspace_id = ${workspace} AND a.user_id = ${user})`;

/** Whether a user is of the team of a workspace: its owners, and members who are agents. */
export const isOfTeam = (workspace: string, user: string): string =>
  `EXISTS (SELECT 1 FROM workspace_members m WHERE m.workspace_id = ${workspace} AND m.user_id = ${user}
     AND (m.role = 'owner' OR ${isAgent('m.workspace_id', 'm.user_id')}))`;
