export type { DerivedColumn, EncryptedTable } from './encrypted-table';
export { EncryptionModule } from './encryption.module';
export { DecryptionError, type DecryptionFailure, FieldCipher } from './field-cipher';
export { FieldReader, type Opened } from './field-reader';
export { type EncryptionHealth, KeyRotation } from './key-rotation';
