import { Global, Module } from '@nestjs/common';
import { FieldCipher } from './field-cipher';
import { FieldReader } from './field-reader';
import { KeyRotation } from './key-rotation';

@Global()
@Module({ providers: [FieldCipher, FieldReader, KeyRotation], exports: [FieldCipher, FieldReader, KeyRotation] })
export class EncryptionModule {}
