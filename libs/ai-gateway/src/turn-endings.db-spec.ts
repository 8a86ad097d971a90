import type { EndingTurn, HandOffDecision, ParleyEvent } from '@app/contracts';
import { type BegunTurn, ConversationDelivery, type Outcome, TurnHandOff, TurnWorkService } from '@app/conversations';
import { AppConfig, EventsBus } from '@app/platform';
import { PinoLogger } from 'nestjs-pino';
import { LeasesRepository } from '../../conversations/src/persistence/leases.repository';
import { PostgresTransport } from '../../platform/src/events/postgres-transport';
import { aConversation } from '../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../test/support/database';
import { conversationRepositories, silentLogger } from '../../../test/support/encryption';
import { eventually } from '../../../test/support/process';
import { type Ended, TurnEndings } from './turn-endings';

const aReply = (content: string, confidence: number | null = null): Outcome => ({
  status: 'completed',
  errorCode: null,
  lastEvent: null,
  message: {
    status: 'completed',
    content,
    personaVersionId: null,
    tokensUsed: 5,
    modelUsed: 'm',
    responseTimeMs: 10,
    usage: null,
    confidence,
  },
});
const ANSWERED: Ended = { reply: 'Of course.', confidence: 0.25, needsHuman: true, errorCode: null };

class ErrorLog extends PinoLogger {
  constructor(private readonly lines: string[]) {
    super({ pinoHttp: { level: 'silent' } });
  }

  override error(fields: unknown, ...message: unknown[]): void {
    this.lines.push([fields instanceof Object && 'err' in fields ? fields.err : fields, ...message].join(' '));
  }
}

describe('the end of a turn with which people take over', () => {
  let db: TestDatabase;
  let repositories: ReturnType<typeof conversationRepositories>;
  let bus: EventsBus;
  let turns: TurnWorkService;
  const asked: EndingTurn[] = [];
  let decideNow: (turn: EndingTurn) => Promise<HandOffDecision | null>;
  let takeFirstNow = (): Promise<boolean> => Promise.resolve(false);
  let endings: TurnEndings;
  const logged: string[] = [];
  const told: string[] = [];
  let active = 0;

  beforeAll(async () => {
    db = await testDatabase();
    repositories = conversationRepositories(db.database);
    const config = new AppConfig({
      DATABASE_URL: db.url,
      SECRET_KEY: 'x'.repeat(40),
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
    });
    bus = new EventsBus(new PostgresTransport(config, silentLogger()), silentLogger());
    await bus.onModuleInit();
    const { work, history, endings: attempts } = repositories;
    const leases = new LeasesRepository(db.database);
    turns = new TurnWorkService(db.database, leases, work, history, attempts, config, bus);
    const handOff = new TurnHandOff();
    handOff.use({
      isActive: (_workspaceId, personaId) => personaId === active,
      wantsVerdict: () => true,
      mayTakeFirst: (_workspaceId, personaId) => personaId === active,
      takeFirst: () => takeFirstNow(),
      isOpen: () => Promise.resolve(false),
      saidElsewhere: () => Promise.resolve(),
      decide: (turn) => {
        asked.push(turn);
        return decideNow(turn);
      },
    });
    endings = new TurnEndings(turns, handOff, new ConversationDelivery(), db.database, new ErrorLog(logged));
  });
  afterAll(async () => {
    bus.onModuleDestroy();
    await bus.onApplicationShutdown();
    await db.close();
  });
  beforeEach(() => {
    asked.splice(0);
    told.splice(0);
  });

  interface Begun {
    turn: BegunTurn;
    token: number;
    userId: number;
  }
  const begin = async (isEncrypted = false): Promise<Begun> => {
    const { conversationId, userId, personaId } = await aConversation(db.database);
    if (isEncrypted) {
      await db.database.query('UPDATE conversations SET is_encrypted = true WHERE id = $1', [conversationId]);
    }
    await repositories.turns.accept({
      conversationId,
      userId,
      content: 'I want a refund',
      isEncrypted,
      title: 'x',
      idempotencyKey: null,
      requestHash: null,
      correlationId: null,
      maxPendingTurns: 10,
    });
    const taken = await turns.take(conversationId, 'w');
    active = personaId;
    return { turn: taken!.turn!, token: taken!.token, userId };
  };
  /** As the library of escalations does it: a notice with the next seq. */
  const notice = (turn: BegunTurn, change: Partial<HandOffDecision> = {}): HandOffDecision => ({
    reason: 'keyword',
    record: () =>
      db.database.query(
        `WITH c AS (UPDATE conversations SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, workspace_id, last_seq)
         INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
         SELECT workspace_id, id, last_seq, 'system', 'completed', 'A colleague will go on.' FROM c`,
        [turn.conversationId],
      ),
    ...change,
  });
  const messages = ({ conversationId }: BegunTurn): Promise<unknown[]> =>
    db.database.query(
      'SELECT seq, role, content, confidence FROM messages WHERE conversation_id = $1 AND seq > 1 ORDER BY seq',
      [conversationId],
    );
  const end = async ({ turn, token }: Begun, outcome = aReply('Of course.', 0.25)) => {
    const decision = await endings.decide(turn, ANSWERED);
    const { finish, recorded } = await endings.end(turn, token, outcome, decision, () => []);
    if (finish !== 'not-ours') endings.announce(turn, finish.status, recorded);
    return finish;
  };

  it('keeps how sure the model was, and costs nothing, where nobody has switched it on', async () => {
    const begun = await begin();
    active = 0;
    expect(await end(begun)).toMatchObject({ status: 'completed' });
    expect(asked).toEqual([]);
    expect(await messages(begun.turn)).toEqual([
      { seq: 2, role: 'assistant', content: 'Of course.', confidence: 0.25 },
    ]);
    const view = await repositories.turns.view(begun.turn.turnId);
    expect(view).toMatchObject({
      turn: { escalation_reason: null },
      assistant_message: { confidence: 0.25 },
      hand_off_notice: null,
    });
  });

  it('has the reply, the reason and what the decision writes in one transaction; then it is told', async () => {
    const begun = await begin();
    const off = bus.subscribe(`turn:${begun.turn.turnId}`, ({ type }: ParleyEvent) => told.push(type));
    decideNow = () => Promise.resolve(notice(begun.turn, { announce: () => told.push('decision') }));
    expect(await end(begun)).toMatchObject({ status: 'completed' });
    off();
    expect(told).toEqual(['turn.finished', 'decision']);
    expect(asked).toEqual([
      expect.objectContaining({
        turnId: begun.turn.turnId,
        attempt: 1,
        channel: 'api',
        said: 'I want a refund',
        userSeq: 1,
        ...ANSWERED,
      }),
    ]);
    expect(await messages(begun.turn)).toEqual([
      { seq: 2, role: 'assistant', content: 'Of course.', confidence: 0.25 },
      { seq: 3, role: 'system', content: 'A colleague will go on.', confidence: null },
    ]);
    expect(await repositories.turns.view(begun.turn.turnId)).toMatchObject({
      turn: { escalation_reason: 'keyword' },
      hand_off_notice: 'A colleague will go on.',
    });
  });

  it('nothing is written when the turn is not ours any more, or its sender has stopped it', async () => {
    const [lost, stopped] = [await begin(), await begin()];
    active = lost.turn.personaId;
    decideNow = () => Promise.resolve(notice(lost.turn));
    await db.database.query('UPDATE conversation_leases SET token = token + 1 WHERE conversation_id = $1', [
      lost.turn.conversationId,
    ]);
    expect(await end(lost)).toBe('not-ours');
    expect(await messages(lost.turn)).toEqual([]);

    active = stopped.turn.personaId;
    const announced: string[] = [];
    decideNow = () => Promise.resolve(notice(stopped.turn, { announce: () => announced.push('decision') }));
    await db.database.query('UPDATE turns SET cancel_requested_at = now() WHERE id = $1', [stopped.turn.turnId]);
    expect(await end(stopped)).toMatchObject({ status: 'cancelled' });
    expect(await messages(stopped.turn)).toHaveLength(1);
    expect((await repositories.turns.view(stopped.turn.turnId))!.turn.escalation_reason).toBeNull();
    expect(announced).toEqual([]);
  });

  it.each([
    ['cannot be made', () => Promise.reject(new Error('a rule is broken'))],
    [
      'cannot be written',
      (turn: BegunTurn) =>
        Promise.resolve(
          notice(turn, {
            record: () => db.database.query('INSERT INTO escalations (id) VALUES (1)'),
            announce: () => told.push('decision'),
          }),
        ),
    ],
  ])(
    'a decision that %s does not cost the reply, and nobody is told of it',
    async (_, decide: (turn: BegunTurn) => Promise<HandOffDecision>) => {
      const begun = await begin();
      decideNow = () => decide(begun.turn);
      expect(await end(begun)).toMatchObject({ status: 'completed' });
      expect(await messages(begun.turn)).toEqual([
        { seq: 2, role: 'assistant', content: 'Of course.', confidence: 0.25 },
      ]);
      expect((await repositories.turns.view(begun.turn.turnId))!.turn.escalation_reason).toBeNull();
      expect(told).toEqual([]);
    },
  );

  it('people who cannot be asked to answer first do not cost the reply', async () => {
    const { turn } = await begin();
    takeFirstNow = () => Promise.reject(new Error('a rule is broken'));
    expect(await endings.takeFirst(turn)).toBe(false);
    takeFirstNow = () => Promise.resolve(true);
    expect(await endings.takeFirst(turn)).toBe(true);
  });

  it('what cannot be told after the commit is logged, and ends no process', async () => {
    const begun = await begin();
    decideNow = () =>
      Promise.resolve(notice(begun.turn, { announce: () => Promise.reject(new Error('nobody listens')) }));
    expect(await end(begun)).toMatchObject({ status: 'completed' });
    await eventually(
      () => Promise.resolve(logged.some((line) => line.includes('nobody listens')) || undefined),
      'the line',
    );
  });

  it('encrypted conversations keep how sure the model was beside what it said', async () => {
    const begun = await begin(true);
    active = 0;
    await end(begun);
    const { assistant_message: reply } = (await repositories.turns.view(begun.turn.turnId))!;
    expect(reply).toMatchObject({ content: 'Of course.', confidence: 0.25 });
  });
});
