import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { rollUpAll } from '../../../../test/support/roll-up';
import { ConversationFiguresRepository } from '../persistence/conversations.repository';
import { FiguresRepository } from '../persistence/figures.repository';
import { RollupsRepository } from '../persistence/rollups.repository';
import { SnapshotRepository } from '../persistence/snapshot.repository';
import { RollUpService } from '../rollups/roll-up.service';
import { ConversationsReport } from './conversations.report';
import { ReportReader } from './report-reader';
import { reportRequest } from './report-request';

const USER = 4_711;
const WHEN = new Date(Date.now() - 5 * 86_400_000);

describe('what is told of conversations', () => {
  let db: TestDatabase;
  let report: ConversationsReport;

  beforeAll(async () => {
    db = await testDatabase();
    const figures = new FiguresRepository(db.database);
    const reader = new ReportReader(new SnapshotRepository(db.database));
    report = new ConversationsReport(reader, figures, new ConversationFiguresRepository(db.database));
    await db.database.query(
      `UPDATE rollup_state SET frontier = date_trunc('day', $1::timestamptz, 'UTC') - interval '1 day'`,
      [WHEN],
    );
  });
  afterAll(async () => db.close());

  const aCall = (purpose: 'reply' | 'summary' | 'preview', tokens: number): Promise<unknown> =>
    db.database.query(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, purpose, attempt, status, provider,
         api, model_requested, input_tokens, output_tokens, total_tokens, cost_usd_micros, started_at, ended_at)
       VALUES (1, $1, 1, 1, CASE WHEN $2::varchar <> 'preview' THEN 7 END, CASE WHEN $2::varchar <> 'preview' THEN 7 END, $2::varchar, 1, 'succeeded', 'openai', 'responses',
         'gpt-6-luna', $3::integer, 0, $3, $3, $4, $4)`,
      [USER, purpose, tokens, WHEN],
    );
  const totals = async (): Promise<object> => {
    const request = reportRequest({ interval: 'none' }, 'me', { userId: USER }, Date.now());
    return (await report.read(request)).totals;
  };

  it('a preview belongs to none of them: neither its tokens nor its cost count, before and after they are summed up', async () => {
    await aCall('reply', 100);
    await aCall('summary', 20);
    await aCall('preview', 5_000);
    const expected = {
      active: 1,
      total_tokens: 120,
      tokens_per_conversation: 120,
      cost_per_conversation_usd: 120 / 1_000_000,
    };
    expect(await totals()).toMatchObject(expected);
    const rollUp = new RollUpService(new RollupsRepository(db.database));
    await rollUpAll(db, rollUp);
    expect(await totals()).toMatchObject(expected);
  });
});
