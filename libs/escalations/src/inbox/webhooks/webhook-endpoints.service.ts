import { randomBytes } from 'node:crypto';
import { WorkspacesService } from '@app/auth';
import { AppError, badInput } from '@app/kernel';
import { type Page, type Principal, toPage, Webhooks } from '@app/platform';
import { Injectable } from '@nestjs/common';
import {
  type EndpointChanges,
  type WebhookDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
  WebhooksRepository,
} from '../persistence/webhooks.repository';
import { EscalationWebhooks } from './escalation-webhooks.service';

/** Each event costs a call to every one of them. */
const MAX_ENDPOINTS = 20;
/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = 32;
const MAX_ID = Number.MAX_SAFE_INTEGER;

const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
const webhookNotFound = (id: number): AppError =>
  new AppError('WEBHOOK.NOT_FOUND', 404, `Webhook ${id} was not found.`);
const deliveryNotFound = (id: number): AppError =>
  new AppError('WEBHOOK.DELIVERY_NOT_FOUND', 404, `Delivery ${id} was not found, or has arrived.`);
const tooMany = (): AppError =>
  new AppError('WEBHOOK.TOO_MANY', 409, `A workspace has ${MAX_ENDPOINTS} webhooks at most. Remove one first.`);

/** Where owners of a workspace want to be told. */
@Injectable()
export class WebhookEndpoints {
  constructor(
    private readonly repository: WebhooksRepository,
    private readonly workspaces: WorkspacesService,
    private readonly webhooks: Webhooks,
    private readonly sending: EscalationWebhooks,
  ) {}

  /** @returns with the secret, which is shown this once. @throws 403 WORKSPACE.FORBIDDEN, 404 WORKSPACE.NOT_FOUND, 409 WEBHOOK.TOO_MANY, 422 */
  async create(
    principal: Principal,
    workspaceId: number,
    url: string,
    events: readonly WebhookEvent[],
  ): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
    await this.workspaces.requireOwner(principal, workspaceId);
    this.check(url);
    if ((await this.repository.count(workspaceId)) >= MAX_ENDPOINTS) throw tooMany();
    const secret = newSecret();
    return { endpoint: await this.repository.create(workspaceId, url, events, secret), secret };
  }

  async list(principal: Principal, workspaceId: number, limit: number, afterId = 0): Promise<Page<WebhookEndpoint>> {
    await this.workspaces.requireOwner(principal, workspaceId);
    return toPage(await this.repository.list(workspaceId, limit, afterId), limit, ({ id }) => id);
  }

  /** @throws 404 WEBHOOK.NOT_FOUND, also for those of others */
  async get(principal: Principal, id: number): Promise<WebhookEndpoint> {
    const endpoint = await this.repository.find(id);
    if (endpoint === undefined) throw webhookNotFound(id);
    await this.workspaces
      .requireOwner(principal, endpoint.workspaceId)
      .catch(() => Promise.reject(webhookNotFound(id)));
    return endpoint;
  }

  async change(principal: Principal, id: number, changes: EndpointChanges): Promise<WebhookEndpoint> {
    await this.get(principal, id);
    if (changes.url !== undefined) this.check(changes.url);
    await this.repository.change(id, changes);
    return this.get(principal, id);
  }

  /** What is signed with the former one is refused from now on, by whoever has the new one. @returns the secret, which is shown this once */
  async replaceSecret(principal: Principal, id: number): Promise<string> {
    await this.get(principal, id);
    const secret = newSecret();
    await this.repository.setSecret(id, secret);
    return secret;
  }

  async remove(principal: Principal, id: number): Promise<void> {
    await this.get(principal, id);
    await this.repository.remove(id);
  }

  /** Newest first; what was settled 30 days ago is gone. */
  async deliveries(principal: Principal, id: number, limit: number, beforeId = MAX_ID): Promise<Page<WebhookDelivery>> {
    await this.get(principal, id);
    return toPage(await this.repository.deliveries(id, limit, beforeId), limit, (delivery) => delivery.id);
  }

  /** Sends one again that has not arrived. @throws 404 WEBHOOK.DELIVERY_NOT_FOUND */
  async retry(principal: Principal, id: number, deliveryId: number): Promise<void> {
    await this.get(principal, id);
    if (!(await this.repository.retry(id, deliveryId))) throw deliveryNotFound(deliveryId);
    this.sending.wake();
  }

  private check(url: string): void {
    const problem = this.webhooks.problemOf(url);
    if (problem !== null) throw badInput('url', `${problem}.`);
  }
}
