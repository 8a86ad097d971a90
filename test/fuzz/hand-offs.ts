import type { Client } from '../support/client';
import type { Kind } from './placeholders';
import type { Things } from './world';

const EVENTS = ['escalation.created', 'escalation.claimed', 'escalation.resolved', 'escalation.rated'];

interface Rateable {
  conversation: number;
  session: string;
}

const moveToEnd = (list: (number | string)[], ...values: (number | string)[]): void => {
  for (const value of values) {
    const at = list.indexOf(value);
    if (at >= 0) list.splice(at, 1);
    list.push(value);
  }
};

/** Conversations in the hands of people: one that waits, one that somebody has, and some that are over. By chance hardly anybody claims what they answer. */
export class HandOffs {
  private readonly rateable = new Map<Client, Rateable>();

  /** What the fuzzer has ended or removed is made again. */
  async restore(client: Client, things: Things): Promise<void> {
    const workspaceId = Number(things.workspace[0]);
    await this.keepWebhook(client, workspaceId, things);
    for (const [query, isClaimed] of [
      ['status=claimed&assigned_to=me', true],
      ['status=open&assigned_to=none', false],
    ] as const) {
      const id = (await this.newest(client, workspaceId, query)) ?? (await this.escalate(client, things, isClaimed));
      if (id !== undefined) moveToEnd(things.escalation, id);
    }
    await this.keepRateable(client, workspaceId, things);
  }

  /** All that a team writes down, with words that nobody else may see. */
  async ofVictim(
    client: Client,
    workspaceId: number,
    conversationId: number,
    words: string,
  ): Promise<Partial<Record<Kind, number[]>>> {
    const webhook = await client.request<{ id: number }>('POST', '/webhooks', {
      workspace_id: workspaceId,
      url: `https://hooks.example.com/${words}`,
      events: EVENTS,
    });
    const { body } = await client.request<{ id: number }>('POST', '/escalations', {
      conversation_id: conversationId,
      reason: words,
    });
    await client.request('POST', `/escalations/${body.id}/notes`, { content: words });
    await client.request('PUT', `/escalations/${body.id}/tags`, { tags: [words] });
    await client.request('PUT', '/escalations/agents/me', { workspace_id: workspaceId, skills: [words] });
    await client.request('PUT', `/escalations/rules?workspace_id=${workspaceId}`, { keywords: { words: [words] } });
    const { deliveries } = (
      await client.request<{ deliveries: { id: number }[] }>('GET', `/webhooks/${webhook.body.id}/deliveries`)
    ).body;
    return { escalation: [body.id], webhook: [webhook.body.id], delivery: deliveries.map(({ id }) => id) };
  }

  private async newest(client: Client, workspaceId: number, query: string): Promise<number | undefined> {
    const path = `/escalations?workspace_id=${workspaceId}&limit=1&${query}`;
    const { status, body } = await client.request<{ escalations: { id: number }[] }>('GET', path);
    return status === 200 ? body.escalations[0]?.id : undefined;
  }

  /** Undefined where there is no persona left to talk with; it is tried again before the next batch. */
  private async escalate(client: Client, things: Things, isClaimed: boolean): Promise<number | undefined> {
    const conversation = await client.request<{ id: number }>('POST', '/chat/conversations', {
      persona_id: things.persona.at(-1),
    });
    if (conversation.status !== 201) return undefined;
    const { status, body } = await client.request<{ id: number }>('POST', '/escalations', {
      conversation_id: conversation.body.id,
    });
    if (status !== 201) return undefined;
    things.conversation.push(conversation.body.id);
    if (isClaimed) await client.request('POST', `/escalations/${body.id}/claim`);
    return body.id;
  }

  private async keepWebhook(client: Client, workspaceId: number, things: Things): Promise<void> {
    const listed = await client.request<{ webhooks: { id: number; events: string[]; is_enabled: boolean }[] }>(
      'GET',
      `/webhooks?workspace_id=${workspaceId}&limit=200`,
    );
    if (listed.status !== 200) return;
    const { webhooks } = listed.body;
    // A workspace has twenty at most.
    for (const { id } of webhooks.slice(0, -10)) await client.request('DELETE', `/webhooks/${id}`);
    const told = webhooks
      .slice(-10)
      .find(({ events, is_enabled }) => is_enabled && EVENTS.every((event) => events.includes(event)));
    const id =
      told?.id ??
      (
        await client.request<{ id: number }>('POST', '/webhooks', {
          workspace_id: workspaceId,
          url: 'https://hooks.example.com/parley',
          events: EVENTS,
        })
      ).body.id;
    moveToEnd(things.webhook, id);
    const { status, body } = await client.request<{ deliveries: { id: number }[] }>(
      'GET',
      `/webhooks/${id}/deliveries?limit=3`,
    );
    // What was sent and not waited for may still remove it.
    if (status === 200) moveToEnd(things.delivery, ...body.deliveries.map((delivery) => delivery.id));
  }

  /** A conversation and a visitor's session in which somebody was asked how it was. */
  private async keepRateable(client: Client, workspaceId: number, things: Things): Promise<void> {
    const known = this.rateable.get(client);
    const isAsked = async (path: string): Promise<boolean> =>
      (await client.request<{ asked?: boolean } | undefined>('GET', path)).body?.asked === true;
    const rateable =
      known !== undefined &&
      (await isAsked(`/chat/conversations/${known.conversation}/rating`)) &&
      (await isAsked(`/api/v1/chat/session/${known.session}/rating`))
        ? known
        : await this.askHowItWas(client, workspaceId, things);
    if (rateable === undefined) return;
    this.rateable.set(client, rateable);
    moveToEnd(things.conversation, rateable.conversation);
    moveToEnd(things.support_session, rateable.session);
  }

  private async askHowItWas(client: Client, workspaceId: number, things: Things): Promise<Rateable | undefined> {
    const rules = { csat: true, keywords: { words: ['lawyer'] } };
    await client.request('PUT', `/escalations/rules?workspace_id=${workspaceId}`, rules);
    const own = await this.escalate(client, things, true);
    if (own === undefined) return undefined;
    const conversation = Number(things.conversation.at(-1));
    await client.request('POST', `/escalations/${own}/resolve`, {});

    const door = await client.request<{ public_key: string }>('GET', `/workspaces/${workspaceId}/support-door`);
    const begun = await client.request<{ sessionId: string }>('POST', '/api/v1/chat/session', {
      publicKey: door.body.public_key,
    });
    if (begun.status !== 201) return undefined;
    const session = begun.body.sessionId;
    await client.request('POST', '/api/v1/chat/message', { sessionId: session, message: 'I want a lawyer' });
    // Newest first.
    const theirs = await this.newest(client, workspaceId, 'status=open');
    if (theirs === undefined) return undefined;
    await client.request('POST', `/escalations/${theirs}/claim`);
    await client.request('POST', `/escalations/${theirs}/resolve`, {});
    return { conversation, session };
  }
}
