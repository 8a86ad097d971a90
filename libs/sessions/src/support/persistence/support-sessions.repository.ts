import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

@Injectable()
export class SupportSessionsRepository {
  constructor(private readonly database: Database) {}

  /** @param encrypted bound to `placeOfVisitorData(id)` */
  async setVisitorData(id: number, encrypted: string): Promise<void> {
    await this.database.query('UPDATE sessions SET visitor_data = $2 WHERE id = $1', [id, encrypted]);
  }

  async hasAny(userId: number): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM sessions WHERE user_id = $1 LIMIT 1', [userId])).length > 0;
  }

  /** Of all doors of this installation. */
  async countActive(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `SELECT count(*) AS count FROM sessions WHERE status = 'active'`,
    );
    return row!.count;
  }
}
