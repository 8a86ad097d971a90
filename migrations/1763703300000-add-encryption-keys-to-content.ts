import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Replaced by one of the same name that the rows of this table cannot break while nothing in it is encrypted. The next migration looks at them: whoever
 * adds a constraint keeps everybody out of the table until the end of the transaction.
 */
const replaceCheck = async (runner: QueryRunner, table: string, name: string, check: string): Promise<void> => {
  await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} CHECK (${check}) NOT VALID`);
};

const addCheck = async (runner: QueryRunner, table: string, name: string, check: string): Promise<void> => {
  await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${check}) NOT VALID`);
};

/** An encrypted value names its key at the beginning; one that is empty says nothing. */
const isOfKey = (column: string): string =>
  `encryption_key IS NULL OR ${column} = '' OR starts_with(${column}, 'enc:' || encryption_key || ':')`;

const EXTRAS = [
  { column: 'tool_calls', role: 'assistant', length: '<= 50' },
  { column: 'citations', role: 'assistant', length: '<= 50' },
  { column: 'images', role: 'user', length: 'BETWEEN 1 AND 10' },
];

const isList = ({ column, length }: (typeof EXTRAS)[number]): string =>
  `jsonb_typeof(${column}) = 'array' AND jsonb_array_length(${column}) ${length}`;

/** What is said in some conversations is encrypted: which key, for those who decrypt and for those who look for what has an old one. */
export class AddEncryptionKeysToContent1763703300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE messages ADD COLUMN encryption_key varchar(16)`);
    await runner.query(
      `COMMENT ON COLUMN messages.encryption_key IS 'what content, tool_calls, citations and images are encrypted with; null: they are not'`,
    );
    for (const extra of EXTRAS) {
      await replaceCheck(
        runner,
        'messages',
        `messages_${extra.column}_check`,
        `${extra.column} IS NULL OR (role = '${extra.role}' AND CASE WHEN encryption_key IS NULL THEN ${isList(extra)}
           ELSE jsonb_typeof(${extra.column}) = 'string' END)`,
      );
    }
    await addCheck(runner, 'messages', 'messages_encryption_key_check', isOfKey('content'));

    await runner.query(`ALTER TABLE message_feedback ADD COLUMN encryption_key varchar(16)`);
    // 4,000 characters of four bytes each, in base64, with nonce and tag.
    await replaceCheck(
      runner,
      'message_feedback',
      'message_feedback_comment_length',
      `char_length(comment) <= CASE WHEN encryption_key IS NULL THEN 4000 ELSE 22000 END`,
    );
    await addCheck(runner, 'message_feedback', 'message_feedback_encryption_key_check', isOfKey('comment'));

    await runner.query(`ALTER TABLE conversation_summaries ADD COLUMN encryption_key varchar(16)`);
    await replaceCheck(
      runner,
      'conversation_summaries',
      'conversation_summaries_length',
      `char_length(content) <= CASE WHEN encryption_key IS NULL THEN 4000 ELSE 22000 END`,
    );
    await addCheck(runner, 'conversation_summaries', 'conversation_summaries_encryption_key_check', isOfKey('content'));

    await runner.query(`ALTER TABLE uploads ADD COLUMN encryption_key varchar(16), ALTER COLUMN sha256 DROP NOT NULL`);
    await runner.query(
      `COMMENT ON COLUMN uploads.sha256 IS 'null for an encrypted one: it would tell which picture it is'`,
    );
    await replaceCheck(
      runner,
      'uploads',
      'uploads_size_check',
      `size_bytes BETWEEN 1 AND 20000000 AND CASE WHEN encryption_key IS NULL THEN octet_length(content) = size_bytes
         ELSE octet_length(content) BETWEEN size_bytes AND size_bytes + 100 END`,
    );
  }

  /** Fails while anything is encrypted: these columns alone say what is. */
  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['messages', 'message_feedback', 'conversation_summaries', 'uploads']) {
      const [row] = (await runner.query(
        `SELECT EXISTS (SELECT 1 FROM ${table} WHERE encryption_key IS NOT NULL) AS found`,
      )) as { found: boolean }[];
      if (row?.found === true) throw new Error(`${table} has encrypted values, which the version before cannot read.`);
    }
    await runner.query(`ALTER TABLE uploads DROP COLUMN encryption_key, ALTER COLUMN sha256 SET NOT NULL,
      ADD CONSTRAINT uploads_size_check CHECK (size_bytes BETWEEN 1 AND 20000000 AND octet_length(content) = size_bytes)`);
    await runner.query(`ALTER TABLE conversation_summaries DROP COLUMN encryption_key,
      ADD CONSTRAINT conversation_summaries_length CHECK (char_length(content) <= 4000)`);
    await runner.query(`ALTER TABLE message_feedback DROP COLUMN encryption_key,
      ADD CONSTRAINT message_feedback_comment_length CHECK (char_length(comment) <= 4000)`);
    await runner.query(
      `ALTER TABLE messages DROP COLUMN encryption_key, ${EXTRAS.map(
        (extra) =>
          `ADD CONSTRAINT messages_${extra.column}_check CHECK (${extra.column} IS NULL OR (role = '${extra.role}' AND ${isList(extra)}))`,
      ).join(', ')}`,
    );
  }
}
