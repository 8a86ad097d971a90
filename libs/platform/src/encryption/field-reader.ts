import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { SeldomLog } from '../logging/seldom-log';
import { Metrics } from '../metrics';
import { DecryptionError, type DecryptionFailure, FieldCipher } from './field-cipher';

/** What came of reading one value. */
export type Opened<T> = { plain: T } | { failure: DecryptionFailure };

/** Reads encrypted values for people who are to see the rest when one of them cannot be read: that is counted and logged, not thrown. */
@Injectable()
export class FieldReader {
  private readonly unreadable: SeldomLog;
  private readonly failures: { inc(labels: { reason: DecryptionFailure }): void };

  constructor(
    private readonly cipher: FieldCipher,
    metrics: Metrics,
    logger: PinoLogger,
  ) {
    this.unreadable = new SeldomLog(logger, 'encrypted values could not be read; see docs/encryption.md');
    this.failures = metrics.counter(
      'parley_decryption_failures_total',
      'Encrypted values that could not be read: their key is missing in ENCRYPTION_KEYS, or they are not what was written there.',
      ['reason'],
    );
  }

  open(value: string, place: string): Opened<string> {
    return this.attempt(() => this.cipher.decrypt(value, place));
  }

  openBytes(value: Buffer, place: string): Opened<Buffer> {
    return this.attempt(() => this.cipher.decryptBytes(value, place));
  }

  private attempt<T>(read: () => T): Opened<T> {
    try {
      return { plain: read() };
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      this.failures.inc({ reason: error.reason });
      this.unreadable.warn(error);
      return { failure: error.reason };
    }
  }
}
