import type { Client } from '../../support/client';
import { eventually } from '../../support/process';
import type { ChatWorld } from './chat-world';

const SAY = `WITH place AS (UPDATE conversations SET last_seq = last_seq + 1 WHERE id = (SELECT max(id) FROM conversations) RETURNING id, workspace_id, last_seq)
  INSERT INTO messages (workspace_id, conversation_id, seq, role, content, status) SELECT workspace_id, id, last_seq, $1, $2, 'completed' FROM place`;

/** Something is said in the conversation that was begun last, by a person of the team (`agent`) or as a notice (`system`). */
export const speak = (world: ChatWorld, role: 'agent' | 'system', text: string): Promise<void> =>
  world.sql(SAY, [role, text]);

const SAY_OFTEN = `WITH place AS (UPDATE conversations SET last_seq = last_seq + $1 WHERE id = (SELECT max(id) FROM conversations) RETURNING id, workspace_id, last_seq)
  INSERT INTO messages (workspace_id, conversation_id, seq, role, content, status) SELECT workspace_id, id, last_seq - $1 + n, 'agent', 'Line ' || n, 'completed'
  FROM place, generate_series(1, $1) AS n`;

/** A person of the team says `Line 1`, `Line 2` … */
export const speakOften = (world: ChatWorld, times: number): Promise<void> => world.sql(SAY_OFTEN, [times]);

export interface Escalation {
  id: number;
  status: string;
  workspace_id: number;
  csat_rating: number | null;
}

/** What waits for somebody in these workspaces. */
export const waitingIn = (agent: Client, workspaceIds: readonly number[]): Promise<Escalation> =>
  eventually(async () => {
    for (const id of workspaceIds) {
      const path = `/escalations?workspace_id=${id}&status=open`;
      const { body } = await agent.request<{ escalations?: Escalation[] }>('GET', path);
      if (body.escalations?.[0] !== undefined) return body.escalations[0];
    }
    return undefined;
  }, 'somebody who waits');

/** What a person of the team does with it. */
export async function act(agent: Client, { id }: Escalation, action: string, body: object = {}): Promise<void> {
  const answer = await agent.request('POST', `/escalations/${id}/${action}`, body);
  expect([200, 201]).toContain(answer.status);
}
