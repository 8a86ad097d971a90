import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { loginEnded, usernameTaken } from './auth.errors';
import { LoginsService, type TokenPair } from './logins.service';
import { PasswordHasher } from './passwords/password-hasher';
import { type UserView, UsersRepository } from './persistence/users.repository';
import { type MembershipView, WorkspacesRepository } from './persistence/workspaces.repository';
import { normaliseUsername } from './username';

export interface Registration {
  username: string;
  password: string;
  name: string | null;
}

@Injectable()
export class AccountsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly workspaces: WorkspacesRepository,
    private readonly passwords: PasswordHasher,
    private readonly logins: LoginsService,
  ) {}

  /**
   * Makes an account with its personal workspace and logs it in. The first account of an installation becomes instance admin and
   * owner of the default workspace.
   * @throws 409 AUTH.USERNAME_TAKEN
   */
  async register(registration: Registration): Promise<{ user: UserView; tokens: TokenPair }> {
    const username = normaliseUsername(registration.username);
    const { name } = registration;
    // Before the transaction: hashing takes long, and a connection must not wait for it.
    const passwordHash = await this.passwords.hash(registration.password);
    return this.database.transaction(async () => {
      const isInstanceAdmin = await this.users.claimFirstAccount();
      const made = await this.users.insert({ username, passwordHash, name, isInstanceAdmin });
      if (made === undefined) throw usernameTaken();
      const workspaceId = await this.workspaces.createPersonal(made.id, name ?? username);
      if (isInstanceAdmin) await this.workspaces.joinDefaultAsOwner(made.id);
      const user = { id: made.id, username, name, isInstanceAdmin, workspaceId, createdAt: made.createdAt };
      return { user, tokens: await this.logins.start(made.id) };
    });
  }

  /** Whether anybody has registered yet. */
  async hasAny(): Promise<boolean> {
    return this.users.hasAny();
  }

  /** The account and the workspaces it is a member of. */
  async describe(userId: number): Promise<{ user: UserView; workspaces: MembershipView[] }> {
    const user = await this.users.findView(userId);
    // The guard lets nobody in without an account: it was deleted this moment.
    if (user === undefined) throw loginEnded();
    return { user, workspaces: await this.workspaces.listOf(userId) };
  }
}
