/** How visitors of a workspace's websites reach it. */
export interface SupportDoor {
  workspaceId: number;
  /** What a website says which door it means with; null for the default workspace as long as nobody has set up its door. */
  publicKey: string | null;
  personaId: number;
  isEnabled: boolean;
  /** The persona is not deleted, and still shared in the workspace. */
  hasPersona: boolean;
  /** Such as `https://shop.example.com` or `https://*.example.com`. Pages of the installation itself need none. */
  allowedOrigins: string[];
  /** Only visitors whom the host site vouches for may come in. */
  requiresIdentity: boolean;
  /** What the host site vouches with, encrypted. */
  identitySecret: string | null;
  /** New sessions of one address; null: the instance's limit. */
  sessionsPerMinute: number | null;
  /** Messages of one session; null: the instance's limit. */
  messagesPerMinute: number | null;
}

/** As its owners see it. */
export interface SupportDoorSettings extends SupportDoor {
  publicKey: string;
  createdAt: Date;
  updatedAt: Date;
}

/** What owners decide. */
export type SupportDoorChoices = Pick<
  SupportDoor,
  'personaId' | 'isEnabled' | 'allowedOrigins' | 'requiresIdentity' | 'sessionsPerMinute' | 'messagesPerMinute'
>;

/** Place that the identity secret is bound to. */
export const placeOfSecret = (workspaceId: number): string => `support_doors/${workspaceId}/identity_secret`;
