import type { AgentsRepository } from '../../../libs/escalations/src/inbox/persistence/agents.repository';
import type { ConversationsOfTeam } from '../../../libs/escalations/src/inbox/persistence/conversations-of-team.repository';
import type { EscalationChangesRepository } from '../../../libs/escalations/src/inbox/persistence/escalation-changes.repository';
import type { EscalationsRepository } from '../../../libs/escalations/src/inbox/persistence/escalations.repository';
import type { WebhooksRepository } from '../../../libs/escalations/src/inbox/persistence/webhooks.repository';
import { built, type Explained } from './explained';

const PERSISTENCE = 'escalations/src/inbox/persistence';
type Made<T> = new (database: Explained, sealed?: object) => T;
/** Encryption is measured elsewhere. */
const IN_THE_CLEAR = {
  seal: (_table: string, _id: number, _column: string, text: string) => ({ text, key: null }),
  open: (_table: string, _id: number, _column: string, text: string) => text,
};

interface Escalation {
  id: number;
  conversation_id: number;
  assigned_to: number;
}

/** Every statement of the inbox, by what it is for. */
export async function subjectsOf(database: Explained): Promise<[string, () => Promise<unknown>][]> {
  const inbox = new (built<{ EscalationsRepository: Made<EscalationsRepository> }>(
    `${PERSISTENCE}/escalations.repository`,
  ).EscalationsRepository)(database, IN_THE_CLEAR);
  const changes = new (built<{ EscalationChangesRepository: Made<EscalationChangesRepository> }>(
    `${PERSISTENCE}/escalation-changes.repository`,
  ).EscalationChangesRepository)(database, IN_THE_CLEAR);
  const agents = new (built<{ AgentsRepository: Made<AgentsRepository> }>(
    `${PERSISTENCE}/agents.repository`,
  ).AgentsRepository)(database);
  const conversations = new (built<{ ConversationsOfTeam: Made<ConversationsOfTeam> }>(
    `${PERSISTENCE}/conversations-of-team.repository`,
  ).ConversationsOfTeam)(database);
  const webhooks = new (built<{ WebhooksRepository: Made<WebhooksRepository> }>(
    `${PERSISTENCE}/webhooks.repository`,
  ).WebhooksRepository)(database, IN_THE_CLEAR);

  const { id: workspaceId } = await database.read<{ id: number }>(
    `SELECT workspace_id::int AS id FROM escalations WHERE status = 'open' GROUP BY 1 ORDER BY count(assigned_to) DESC LIMIT 1`,
  );
  const one = (where: string): Promise<Escalation> =>
    database.read<Escalation>(
      `SELECT id::int, conversation_id::int, assigned_to::int FROM escalations WHERE workspace_id = $1 AND ${where} ORDER BY id DESC OFFSET 20 LIMIT 1`,
      [workspaceId],
    );
  const open = await one(`status = 'open' AND assigned_to IS NOT NULL`);
  const claimed = await one(`status = 'claimed'`);
  const rated = await one('csat_asked_at IS NOT NULL');
  const middle = Math.floor(open.id / 2);
  const page = { workspaceId, limit: 50 };
  const noDraft = { id: open.id, isEncrypted: false, draftRevision: 0 };
  return [
    ['inbox, newest', () => inbox.newest(page, undefined)],
    ['inbox, a page in the middle', () => inbox.newest(page, middle)],
    ['inbox, open', () => inbox.newest({ ...page, status: 'open' }, undefined)],
    ['inbox, resolved', () => inbox.newest({ ...page, status: 'resolved' }, undefined)],
    ['inbox, returned (none)', () => inbox.newest({ ...page, status: 'returned' }, undefined)],
    ['inbox, one person’s', () => inbox.newest({ ...page, assignedTo: open.assigned_to }, undefined)],
    [
      'inbox, one person’s open ones',
      () => inbox.newest({ ...page, assignedTo: open.assigned_to, status: 'open' }, undefined),
    ],
    ['inbox, nobody’s', () => inbox.newest({ ...page, assignedTo: 0 }, undefined)],
    ['inbox, a skill', () => inbox.newest({ ...page, skill: 'billing' }, undefined)],
    ['inbox, a rare skill', () => inbox.newest({ ...page, skill: 'rare' }, undefined)],
    ['inbox, a tag', () => inbox.newest({ ...page, tag: 'vip' }, undefined)],
    ['inbox, a rare tag', () => inbox.newest({ ...page, tag: 'rare' }, undefined)],
    ['inbox, a reason that is not there', () => inbox.newest({ ...page, reason: 'manual' }, undefined)],
    ['inbox, overdue (none)', () => inbox.newest({ ...page, isOverdue: true }, undefined)],
    ['inbox, of a conversation', () => inbox.newest({ ...page, conversationId: open.conversation_id }, undefined)],
    ['queue', () => inbox.queue(page, undefined)],
    ['queue, a page in the middle', () => inbox.queue(page, { priority: 1, id: open.id })],
    ['queue, a rare skill', () => inbox.queue({ ...page, skill: 'rare' }, undefined)],
    ['queue, a tag that is not there', () => inbox.queue({ ...page, tag: 'none' }, undefined)],
    ['read one', () => inbox.find(open.id)],
    ['the one that a conversation has', () => inbox.findActive(open.conversation_id)],
    ['the one that is rated', () => inbox.findRateable(rated.conversation_id)],
    ['triggers', () => inbox.triggersOf(open.id)],
    ['history', () => inbox.historyOf(open.id)],
    ['what a turn’s end looks at', () => conversations.pastOf(open.conversation_id, 2)],
    ['claim', () => changes.claim(open.id, open.assigned_to, 4)],
    ['transfer', () => changes.transfer(claimed.id, { userId: claimed.assigned_to, isOwner: false }, null, null)],
    ['first reply', () => changes.reply(claimed.id, claimed.assigned_to)],
    ['resolve', () => changes.end(claimed.id, 'resolved', { userId: claimed.assigned_to, isOwner: false }, true)],
    ['rate', () => changes.rate(rated.id, 5, 'Quick.', false)],
    ['store a draft', () => changes.draft(noDraft, 'About a parcel.', 'On its way.', 9)],
    ['somebody goes away', () => changes.release(workspaceId, open.assigned_to, true)],
    ['job: broken promises (none)', () => changes.markOverdue(100)],
    ['job: workspaces in which something waits', () => agents.workspacesWithWaiting(1000)],
    ['job: assign (lock, one of up to 50)', () => agents.assignWaiting(workspaceId, 50)],
    ['what somebody may do', () => agents.roleOf(workspaceId, open.assigned_to)],
    ['people, with what they have', () => agents.list(workspaceId, 50, 0)],
    ['write a webhook down', () => webhooks.enqueue(open.id, 'escalation.created')],
    ['job: take what is to be sent', () => webhooks.takeDue(10, 60_000, [])],
    ['job: remove old deliveries', () => webhooks.removeOlderThan(30, 1000)],
    ['deliveries', () => webhooks.deliveries(1, 50, undefined)],
  ];
}
