export { EncryptionModule } from './encryption.module';
export { DecryptionError, FieldCipher } from './field-cipher';
