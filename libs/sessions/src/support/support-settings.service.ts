import { randomBytes } from 'node:crypto';
import { WorkspacesService } from '@app/auth';
import { badInput } from '@app/kernel';
import { PersonasService } from '@app/personas';
import { FieldCipher, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SupportDoors } from './doors/support-doors.service';
import { SupportDoorsRepository } from './persistence/support-doors.repository';
import { placeOfSecret, type SupportDoorChoices, type SupportDoorSettings } from './support-door';
import { supportDoorNotFound } from './support.errors';

/** 192 bits; it is public, but nobody should guess another workspace's. */
const KEY_BYTES = 24;
const SECRET_BYTES = 32;

const newPublicKey = (): string => `pk_${randomBytes(KEY_BYTES).toString('base64url')}`;
const newIdentitySecret = (): string => `is_${randomBytes(SECRET_BYTES).toString('base64url')}`;

/** Setting up a workspace's support chat: for its owners. */
@Injectable()
export class SupportSettings {
  constructor(
    private readonly repository: SupportDoorsRepository,
    private readonly doors: SupportDoors,
    private readonly workspaces: WorkspacesService,
    private readonly personas: PersonasService,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws 404 WORKSPACE.NOT_FOUND, SUPPORT.DOOR_NOT_FOUND; 403 WORKSPACE.FORBIDDEN */
  async get(principal: Principal, workspaceId: number): Promise<SupportDoorSettings> {
    await this.workspaces.requireOwner(principal, workspaceId);
    const door = await this.repository.findOfWorkspace(workspaceId);
    if (door === undefined) throw supportDoorNotFound(workspaceId);
    return door;
  }

  /** Makes the support chat with a public key, or changes it. @throws 404 WORKSPACE.NOT_FOUND, 403 WORKSPACE.FORBIDDEN, 422 */
  async save(principal: Principal, workspaceId: number, choices: SupportDoorChoices): Promise<SupportDoorSettings> {
    await this.workspaces.requireOwner(principal, workspaceId);
    await this.checkPersona(principal, workspaceId, choices.personaId);
    const former = await this.repository.findOfWorkspace(workspaceId);
    if (choices.requiresIdentity && (former?.identitySecret ?? null) === null) {
      throw badInput(
        'requires_identity',
        'needs an identity secret first, or nobody could come in: save without it, then make one with POST …/support-door/identity-secret.',
      );
    }
    await this.repository.save(workspaceId, newPublicKey(), choices);
    this.doors.changed(workspaceId);
    return this.get(principal, workspaceId);
  }

  /** From now on the former key lets nobody in; sessions that have begun go on. @throws as `get` */
  async replaceKey(principal: Principal, workspaceId: number): Promise<SupportDoorSettings> {
    await this.get(principal, workspaceId);
    if (!(await this.repository.setKey(workspaceId, newPublicKey()))) throw supportDoorNotFound(workspaceId);
    this.doors.changed(workspaceId);
    return this.get(principal, workspaceId);
  }

  /** The former secret proves nothing any more. @returns the secret, which is shown this once. @throws as `get` */
  async replaceSecret(principal: Principal, workspaceId: number): Promise<string> {
    await this.get(principal, workspaceId);
    const secret = newIdentitySecret();
    const encrypted = this.cipher.encrypt(secret, placeOfSecret(workspaceId));
    if (!(await this.repository.setSecret(workspaceId, encrypted))) throw supportDoorNotFound(workspaceId);
    this.doors.changed(workspaceId);
    return secret;
  }

  /** Closes the support chat for good: key and secret are gone; what was said stays. @throws as `get` */
  async remove(principal: Principal, workspaceId: number): Promise<void> {
    await this.get(principal, workspaceId);
    if (!(await this.repository.remove(workspaceId))) throw supportDoorNotFound(workspaceId);
    this.doors.changed(workspaceId);
  }

  /** Visitors must not talk with what only one member may see. */
  private async checkPersona(principal: Principal, workspaceId: number, personaId: number): Promise<void> {
    const persona = await this.personas.getVisible(principal, personaId).catch(() => undefined);
    if (persona?.workspaceId !== workspaceId) throw badInput('persona_id', 'is no persona of this workspace.');
    if (persona.visibility !== 'workspace') {
      throw badInput(
        'persona_id',
        'is private. Share it first: PATCH /personas/{persona_id} with visibility "workspace".',
      );
    }
  }
}
