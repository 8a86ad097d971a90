import type { FieldCipher } from './field-cipher';

/** A column that follows from what is encrypted, and from the key that is current. */
export interface DerivedColumn {
  name: string;
  type: 'bytea';
  /** Columns of the row that `of` needs besides. */
  reads: readonly string[];
  of(plain: Record<string, string>, row: Record<string, unknown>, cipher: FieldCipher): Buffer;
  /** What is assigned, when that is not simply the new value: SQL that may use `stored`, the row, and `fresh.<name>`. */
  assign?: string;
}

export interface EncryptedColumn {
  name: string;
  /** `jsonb`: a JSON string. `jsonb-list`: a JSON list of one string, or an empty one. */
  type: 'text' | 'jsonb' | 'jsonb-list' | 'bytea';
}

/** Encrypted columns whose values get the current key in time. The place of a value is `<table>/<id>/<column>`. */
export interface EncryptedTable {
  /** For people: in metrics and logs. */
  label: string;
  table: string;
  id: { column: string; type: 'bigint' | 'text' };
  columns: readonly EncryptedColumn[];
  /** Which rows have encrypted values, and which key they have, in SQL. There must be an index on the key and the id of these rows. */
  where: string;
  key: string;
  /** The column that names the key of the row, where there is one. */
  keyColumn?: string;
  derived?: readonly DerivedColumn[];
  /** Rows that are encrypted anew in one statement. */
  batch: number;
  /** They go away by themselves within minutes, so nobody encrypts them anew. */
  isShortLived?: boolean;
}
