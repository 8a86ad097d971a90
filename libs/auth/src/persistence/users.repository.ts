import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { UserEntity } from './user.entity';

/** Any fixed number; it names the lock under which the first account is made. */
const FIRST_ACCOUNT_LOCK = 7_246_101;

/** A user as others may see them. */
export interface UserView {
  id: number;
  username: string;
  name: string | null;
  isInstanceAdmin: boolean;
  /** The personal workspace. */
  workspaceId: number;
  createdAt: Date;
}

@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  findByUsername(username: string): Promise<UserEntity | null> {
    return this.database.repository(UserEntity).findOneBy({ username });
  }

  async findView(id: number): Promise<UserView | undefined> {
    const [user] = await this.database.query<UserView>(
      `SELECT u.id, u.username, u.name, u.is_instance_admin AS "isInstanceAdmin", w.id AS "workspaceId", u.created_at AS "createdAt"
       FROM users u JOIN workspaces w ON w.personal_user_id = u.id WHERE u.id = $1`,
      [id],
    );
    return user;
  }

  /**
   * Whether the account that this transaction makes is the first ever. Only while there is none does it take a lock, held to the
   * end of the transaction: of several first registrations at once exactly one hears true.
   */
  async claimFirstAccount(): Promise<boolean> {
    if (await this.hasAny()) return false;
    await this.database.query(`SELECT pg_advisory_xact_lock($1)`, [FIRST_ACCOUNT_LOCK]);
    return !(await this.hasAny());
  }

  /** Returns nothing when the username is taken. */
  async insert(user: {
    username: string;
    passwordHash: string;
    name: string | null;
    isInstanceAdmin: boolean;
  }): Promise<{ id: number; createdAt: Date } | undefined> {
    const [row] = await this.database.query<{ id: number; createdAt: Date }>(
      `INSERT INTO users (username, password_hash, name, is_instance_admin) VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT users_username_key DO NOTHING RETURNING id, created_at AS "createdAt"`,
      [user.username, user.passwordHash, user.name, user.isInstanceAdmin],
    );
    return row;
  }

  async hasAny(): Promise<boolean> {
    const [row] = await this.database.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM users WHERE username IS NOT NULL) AS found`,
    );
    return row?.found === true;
  }
}
