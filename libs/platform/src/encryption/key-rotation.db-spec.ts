import { Database } from '../database';
import { Metrics } from '../metrics';
import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { cipherOf, silentLogger } from '../../../../test/support/encryption';
import type { EncryptedTable } from './encrypted-table';
import { EncryptedTableSql } from './encrypted-tables.repository';
import { type FieldCipher } from './field-cipher';
import { KeyRotation } from './key-rotation';

/** Much like the real ones: a key column, texts, JSON and bytes in one row. */
const NOTES: EncryptedTable = {
  label: 'notes',
  table: 'notes',
  id: { column: 'id', type: 'bigint' },
  columns: [
    { name: 'body', type: 'text' },
    { name: 'extras', type: 'jsonb' },
    { name: 'list', type: 'jsonb-list' },
    { name: 'picture', type: 'bytea' },
  ],
  key: 'encryption_key',
  keyColumn: 'encryption_key',
  where: 'encryption_key IS NOT NULL',
  batch: 7,
};

/** Values that name their key themselves. */
const SECRETS: EncryptedTable = {
  label: 'secrets',
  table: 'secrets',
  id: { column: 'name', type: 'text' },
  columns: [{ name: 'value', type: 'text' }],
  key: `split_part(value, ':', 2)`,
  where: `value LIKE 'enc:%'`,
  batch: 5,
};

interface Note {
  id: number;
  body: string;
  extras: string | null;
  list: string[] | null;
  picture: Buffer | null;
  encryption_key: string | null;
}

describe('rotation of keys', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await testDatabase();
    await db.database.query(
      `CREATE TABLE notes (id bigint PRIMARY KEY, body text, extras jsonb, list jsonb, picture bytea, encryption_key varchar(16))`,
    );
    await db.database.query(`CREATE INDEX ON notes (encryption_key, id) WHERE encryption_key IS NOT NULL`);
    await db.database.query(`CREATE TABLE secrets (name text PRIMARY KEY, value text)`);
    await db.database.query(`CREATE INDEX ON secrets (split_part(value, ':', 2), name) WHERE value LIKE 'enc:%'`);
  });
  beforeEach(async () => {
    await db.database.query('TRUNCATE notes, secrets');
  });
  afterAll(async () => db.close());

  const rotationWith = (cipher: FieldCipher, database = db.database): KeyRotation => {
    const rotation = new KeyRotation(database, cipher, new Metrics(), silentLogger());
    rotation.register(NOTES, SECRETS);
    return rotation;
  };
  const addNotes = async (cipher: FieldCipher, count: number, from = 1): Promise<void> => {
    for (let id = from; id < from + count; id += 1) {
      await db.database.query(`INSERT INTO notes VALUES ($1, $2, $3, $4, $5, $6)`, [
        id,
        cipher.encrypt(`body ${id}`, `notes/${id}/body`),
        JSON.stringify(cipher.encrypt(`{"n":${id}}`, `notes/${id}/extras`)),
        JSON.stringify(id % 2 === 0 ? [] : [cipher.encrypt('["a"]', `notes/${id}/list`)]),
        id % 3 === 0 ? null : cipher.encryptBytes(Buffer.from([id % 256, 0, 255]), `notes/${id}/picture`),
        cipher.currentKeyId,
      ]);
    }
  };
  const notes = () => db.database.query<Note>('SELECT * FROM notes ORDER BY id');
  const readNote = (cipher: FieldCipher, note: Note) => ({
    body: cipher.decrypt(note.body, `notes/${note.id}/body`),
    extras: cipher.decrypt(note.extras!, `notes/${note.id}/extras`),
    list: note.list!.map((text) => cipher.decrypt(text, `notes/${note.id}/list`)),
    picture: note.picture && [...cipher.decryptBytes(note.picture, `notes/${note.id}/picture`)],
  });

  it('gives every value the current key, and none another content', async () => {
    const [old, both, fresh] = [cipherOf('k1'), cipherOf('k2', 'k1'), cipherOf('k2')];
    await addNotes(old, 40);
    await db.database.query(`INSERT INTO notes (id, body) VALUES (500, 'enc:k1:looks like one')`);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await db.database.query('INSERT INTO secrets VALUES ($1, $2)', [
        name,
        old.encrypt(`s${name}`, `secrets/${name}/value`),
      ]);
    }
    const before = (await notes()).filter(({ id }) => id < 500).map((note) => readNote(old, note));
    const rotation = rotationWith(both);
    expect(await rotation.health()).toEqual({
      status: 'rotating',
      current_key: 'k2',
      old_keys: [{ key: 'k1', values_left: 46 }],
      missing_keys: [],
    });
    await rotation.run();
    const after = await notes();
    expect(after.filter(({ id }) => id < 500).map((note) => readNote(fresh, note))).toEqual(before);
    expect(after.at(-1)).toMatchObject({ body: 'enc:k1:looks like one', encryption_key: null });
    const secrets = await db.database.query<{ name: string; value: string }>('SELECT * FROM secrets ORDER BY name');
    expect(secrets.map(({ name, value }) => fresh.decrypt(value, `secrets/${name}/value`))).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `s${name}`),
    );
    expect(await rotation.health()).toMatchObject({ status: 'ok', old_keys: [{ key: 'k1', values_left: 0 }] });
    expect(await rotationWith(fresh).health()).toEqual({
      status: 'ok',
      current_key: 'k2',
      old_keys: [],
      missing_keys: [],
    });
  });

  it('a second run, and a run with one key, write nothing', async () => {
    await addNotes(cipherOf('k1'), 10);
    const versions = () => db.database.query('SELECT id, xmin::text FROM notes ORDER BY id');
    const before = await versions();
    await rotationWith(cipherOf('k1')).run();
    expect(await versions()).toEqual(before);
    await rotationWith(cipherOf('k2', 'k1')).run();
    const rotated = await versions();
    expect(rotated).not.toEqual(before);
    await rotationWith(cipherOf('k2', 'k1')).run();
    expect(await versions()).toEqual(rotated);
  });

  it('stops when its time is over, and the next run goes on', async () => {
    await addNotes(cipherOf('k1'), 20);
    await rotationWith(cipherOf('k2', 'k1')).run(0);
    const left = () => db.database.query(`SELECT 1 FROM notes WHERE encryption_key = 'k1'`);
    expect(await left()).toHaveLength(20 - NOTES.batch);
    await rotationWith(cipherOf('k2', 'k1')).run();
    expect(await left()).toHaveLength(0);
  });

  it('ends after the batch that it is at when its process is to end', async () => {
    await addNotes(cipherOf('k1'), 5 * NOTES.batch);
    const rotation = rotationWith(cipherOf('k2', 'k1'));
    const running = rotation.run();
    rotation.onModuleDestroy();
    await running;
    expect(await db.database.query(`SELECT 1 FROM notes WHERE encryption_key = 'k1'`)).toHaveLength(4 * NOTES.batch);
  });

  it('two workers at once, and people who write meanwhile: everything has its last content', async () => {
    const [old, both] = [cipherOf('k1'), cipherOf('k2', 'k1')];
    await addNotes(old, 200);
    const written = new Map<number, string>();
    let isOver = false;
    const write = async (worker: number): Promise<void> => {
      for (let turn = 0; !isOver; turn += 1) {
        const id = 1 + ((turn * 7 + worker * 3) % 200);
        // Two writers never have the same row: who was last would be anybody's guess.
        if (id % 4 !== worker) continue;
        const body = `rewritten ${id} ${turn}`;
        // With the old key, as a process does that was not restarted yet.
        const cipher = turn % 2 === 0 ? old : both;
        await db.database.query('UPDATE notes SET body = $2 WHERE id = $1 AND encryption_key = $3', [
          id,
          cipher.encrypt(body, `notes/${id}/body`),
          cipher.currentKeyId,
        ]);
        const [row] = await db.database.query<Note>('SELECT * FROM notes WHERE id = $1', [id]);
        const stored = both.decrypt(row!.body, `notes/${id}/body`);
        if (stored === body) written.set(id, body);
      }
    };
    const writers = [0, 1, 2, 3].map((worker) => write(worker));
    await Promise.all([
      rotationWith(both, new Database(db.dataSource)).run(),
      rotationWith(both, new Database(db.dataSource)).run(),
    ]);
    isOver = true;
    await Promise.all(writers);
    await rotationWith(both).run();
    const fresh = cipherOf('k2');
    expect(written.size).toBeGreaterThan(0);
    const after = await notes();
    expect(after).toHaveLength(200);
    for (const note of after) {
      expect(readNote(fresh, note).body).toBe(written.get(note.id) ?? `body ${note.id}`);
    }
  });

  it('a row that was changed after it was read keeps what was written to it', async () => {
    const both = cipherOf('k2', 'k1');
    await addNotes(cipherOf('k1'), 3);
    const sql = new EncryptedTableSql(db.database, NOTES);
    const read = await sql.readBatch('k1', null);
    const written = both.encrypt('newer', 'notes/2/body');
    await db.database.query(`UPDATE notes SET body = $1, encryption_key = 'k2', extras = NULL WHERE id = 2`, [written]);
    await db.database.query(`DELETE FROM notes WHERE id = 3`);
    const fresh = read.map(({ id, version }) => ({
      id,
      version,
      values: [both.encrypt('older', `notes/${id}/body`), null, '[]', null],
    }));
    expect(await sql.write('k2', fresh)).toBe(1);
    const after = await notes();
    expect(after.map(({ id, body }) => [id, both.decrypt(body, `notes/${id}/body`)])).toEqual([
      [1, 'older'],
      [2, 'newer'],
    ]);
  });

  it('waits for nobody: a row that somebody holds is left for the next run', async () => {
    await addNotes(cipherOf('k1'), 5);
    const both = cipherOf('k2', 'k1');
    await db.database.transaction(async () => {
      await db.database.query(`UPDATE notes SET picture = NULL WHERE id = 3`);
      // A database of its own is outside of this transaction.
      await rotationWith(both, new Database(db.dataSource)).run();
    });
    const keys = async () => (await notes()).map(({ encryption_key: key }) => key);
    expect(await keys()).toEqual(['k2', 'k2', 'k1', 'k2', 'k2']);
    await rotationWith(both).run();
    expect(await keys()).toEqual(['k2', 'k2', 'k2', 'k2', 'k2']);
    expect((await notes())[2]!.picture).toBeNull();
  });

  it('what cannot be read stays as it is and holds up nothing, and a key that is missing is named', async () => {
    await addNotes(cipherOf('k1'), 20);
    await addNotes(cipherOf('lost'), 3, 100);
    await db.database.query(`UPDATE notes SET body = (SELECT body FROM notes WHERE id = 1) WHERE id = 2`);
    const before = (await notes()).filter(({ id }) => id === 2 || id >= 100);
    const rotation = rotationWith(cipherOf('k2', 'k1'));
    await rotation.run();
    const after = await notes();
    expect(after.filter(({ id }) => id === 2 || id >= 100)).toEqual(before);
    expect(after.filter(({ encryption_key: key }) => key === 'k2')).toHaveLength(19);
    expect(await rotation.health()).toEqual({
      status: 'key_missing',
      current_key: 'k2',
      old_keys: [{ key: 'k1', values_left: 1 }],
      missing_keys: ['lost'],
    });
  });

  it('in a big table, what has an old key is found by looks into the index', async () => {
    const conversation = await aConversation(db.database);
    await db.database.query(
      `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, encryption_key)
       SELECT 1, $1, n, 'user', 'sent', 'enc:' || CASE WHEN n % 10000 = 0 THEN 'k1' ELSE 'k2' END || ':' || repeat('A', 60),
         CASE WHEN n % 10000 = 0 THEN 'k1' ELSE 'k2' END FROM generate_series(1, 100000) AS n`,
      [conversation.conversationId],
    );
    await db.database.query('ANALYZE messages');
    const plan = async (sql: string): Promise<string> =>
      (await db.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`)).map((row) => row['QUERY PLAN']).join('\n');
    const batch = await plan(
      `SELECT id, content FROM messages WHERE encryption_key IS NOT NULL AND encryption_key = 'k1' AND id > 0 ORDER BY id LIMIT 100`,
    );
    expect(batch).toContain('messages_encryption_key_idx');
    expect(batch).not.toContain('Seq Scan');
  });
});
