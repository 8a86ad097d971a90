import type { Page } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import type { Client } from '../client';

/** A person that sessions are about. */
export class ClientResponse {
  /** @example 1 */
  id: number;

  /** @example 2 */
  workspace_id: number;

  /** The member who added it; null when that account is gone.
   * @example 1 */
  created_by: number | null;

  /** @example "Jane Doe" */
  name: string;

  /** @example jane@example.com */
  email: string | null;

  /** @example "+49 170 1234567" */
  phone: string | null;

  /** What your own system calls this client.
   * @example crm-4711 */
  external_id: string | null;

  /** Whatever else the persona may know.
   * @example {"goal": "run a marathon", "age": 34} */
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Record<string, unknown>;

  /** @example 2026-11-21T12:05:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:05:00.000Z */
  updated_at: string;

  static from(client: Client): ClientResponse {
    return {
      id: client.id,
      workspace_id: client.workspaceId,
      created_by: client.createdBy,
      name: client.name,
      email: client.email,
      phone: client.phone,
      external_id: client.externalId,
      metadata: client.metadata,
      created_at: client.createdAt.toISOString(),
      updated_at: client.updatedAt.toISOString(),
    };
  }
}

export class ClientListResponse {
  /** Newest first. */
  clients: ClientResponse[];

  /** @example false */
  has_more: boolean;

  /** For the next page; null on the last one.
   * @example null */
  next_cursor: string | null;

  static from(page: Page<Client>): ClientListResponse {
    return {
      clients: page.items.map((client) => ClientResponse.from(client)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }
}
