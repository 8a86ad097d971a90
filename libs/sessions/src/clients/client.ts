/** The person that sessions are about; not a login. Belongs to a workspace, and every member of it may see it. */
export interface Client {
  id: number;
  workspaceId: number;
  /** The member who added it; null when that account is gone. */
  createdBy: number | null;
  name: string;
  email: string | null;
  phone: string | null;
  /** What another system calls it; once per workspace. */
  externalId: string | null;
  metadata: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

export type ClientFields = Pick<Client, 'name' | 'email' | 'phone' | 'externalId' | 'metadata'>;

export interface ClientFilter {
  limit: number;
  beforeId?: number;
  /** Not with `email` or `externalId`, which find few. */
  sinceId?: number;
  workspaceId?: number;
  /** Whole addresses, whatever their case. */
  email?: string;
  externalId?: string;
  /** Part of the name or of the e-mail address, whatever its case. */
  contains?: string;
}
