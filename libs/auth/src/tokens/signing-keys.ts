import { createHash, hkdfSync } from 'node:crypto';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';

const KEY_BYTES = 32;
/** Binds the key to its purpose: what else is derived from the same secret can never sign a token. */
const PURPOSE = 'parley access token HS256 v1';

export interface SigningKey {
  /** Names the secret in a token's header. */
  kid: string;
  key: Buffer;
}

const deriveKey = (secret: string): SigningKey => ({
  kid: createHash('sha256').update(secret).digest('hex').slice(0, 8),
  key: Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES)),
});

/** The keys of access tokens, one per configured secret: the first signs, all verify, so a secret can be replaced without logging anybody out. */
@Injectable()
export class SigningKeys {
  readonly current: SigningKey;
  private readonly byKid: ReadonlyMap<string, Buffer>;

  constructor(config: AppConfig) {
    const keys = config.auth.secretKeys.map(deriveKey);
    const [current] = keys;
    if (current === undefined) throw new Error('SECRET_KEY holds no secret.');
    this.current = current;
    this.byKid = new Map(keys.map(({ kid, key }) => [kid, key]));
  }

  find(kid: string): Buffer | undefined {
    return this.byKid.get(kid);
  }
}
