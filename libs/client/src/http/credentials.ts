import { type AccessToken, accessToken } from './access-token.js';

/** A token is renewed so long before its end. */
const AHEAD_MS = 30_000;

export interface Tokens {
  accessToken: string;
  /** Each is good once: keep the newest. */
  refreshToken: string;
}

export interface CredentialOptions {
  /** An access token. With `refreshToken` it is renewed by itself. */
  token?: string;
  /** From `POST /auth/login`; each is good once, so let `onTokens` keep the newer ones. */
  refreshToken?: string;
  /** Called with every new pair of tokens. */
  onTokens?: (tokens: Tokens) => void;
  /** Asked for an access token at the beginning, before one ends, and after one was refused. Instead of `token`. */
  getToken?: () => string | Promise<string>;
  /** The id of a support session: it stands for a login at the support chat and its sockets. */
  sessionId?: string;
  /** The public key of a workspace's support chat, for visitors who have no login. */
  publicKey?: string;
}

/** Exchanges a refresh token. */
export type Exchange = (refreshToken: string) => Promise<{ token: string; refreshToken: string; expiresInMs: number }>;

/** Who the caller is, with tokens that are renewed before they end. */
export class Credentials {
  private current: AccessToken | undefined;
  private refreshToken: string | undefined;
  private renewing: Promise<AccessToken> | undefined;

  constructor(
    private readonly options: CredentialOptions,
    private readonly exchange: Exchange,
  ) {
    this.current = options.token === undefined ? undefined : accessToken(options.token);
    this.refreshToken = options.refreshToken;
  }

  get sessionId(): string | undefined {
    return this.options.sessionId;
  }

  get publicKey(): string | undefined {
    return this.options.publicKey;
  }

  get canRenew(): boolean {
    return this.options.getToken !== undefined || this.refreshToken !== undefined;
  }

  /** A token that is good for a while yet, or undefined when there is none. @throws when it cannot be renewed */
  async token(): Promise<AccessToken | undefined> {
    const { current } = this;
    const isGood = current !== undefined && (current.endsAt === undefined || current.endsAt - AHEAD_MS > Date.now());
    return isGood || !this.canRenew ? current : this.renewed(current?.value);
  }

  /**
   * A newer token than `old`, which was refused or ends soon. Many who ask at once get the same one: a refresh token is good once.
   * @throws ParleyError when it cannot be had
   */
  renewed(old: string | undefined): Promise<AccessToken> {
    if (this.current !== undefined && this.current.value !== old) return Promise.resolve(this.current);
    this.renewing ??= this.renew().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async renew(): Promise<AccessToken> {
    if (this.options.getToken !== undefined) {
      this.current = accessToken(await this.options.getToken());
      return this.current;
    }
    const { token, refreshToken, expiresInMs } = await this.exchange(this.refreshToken!);
    // By our own clock, which may differ from the backend's.
    this.current = { value: token, endsAt: Date.now() + expiresInMs };
    this.refreshToken = refreshToken;
    this.options.onTokens?.({ accessToken: token, refreshToken });
    return this.current;
  }
}
