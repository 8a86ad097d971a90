import { type GuardedAnswer, NetworkFailure } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type ChannelAccess, ChannelSendError } from '../core/channel-adapter';
import { isRecord, textIn } from '../meta/json';
import { credential } from '../meta/credentials';
import { failureOf, MattermostError } from './mattermost-error';
import { MattermostNetworks } from './networks';

/** A call is cut then; whoever takes longer may have done it all the same. The outbox holds a row for 30 s. */
export const CALL_TIMEOUT_MS = 20_000;
/** 200 posts of 16,383 characters each, in JSON. */
const MAX_ANSWER_BYTES = 20_000_000;
/** Longest time for a file. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

export interface MattermostCall {
  method: 'GET' | 'POST';
  /** Below `/api/v4`, such as `/posts`. Ids in it are checked by the caller. */
  path: string;
  query?: Record<string, string | number>;
  body?: object;
  /** Milliseconds for all of it; 20,000 without it. */
  deadlineMs?: number;
  /** Whatever ends it early besides. */
  signal?: AbortSignal;
}

/** Speaks to Mattermost servers as the bot. Nothing of what it throws contains a token, a person or a text. */
@Injectable()
export class MattermostClient {
  constructor(private readonly networks: MattermostNetworks) {}

  /** @returns the answer's JSON. @throws MattermostError */
  async call(access: ChannelAccess, call: MattermostCall): Promise<unknown> {
    const answer = await this.request(access, call, MAX_ANSWER_BYTES);
    try {
      return JSON.parse(answer.body.toString('utf8')) as unknown;
    } catch {
      throw new MattermostError(
        'unavailable',
        'Mattermost answered without JSON',
        call.method === 'POST',
        null,
        answer.status,
      );
    }
  }

  /** A file. @throws MattermostError, `invalid` when it is larger than `maxBytes` */
  async download(
    access: ChannelAccess,
    path: string,
    maxBytes: number,
  ): Promise<{ content: Buffer; contentType: string }> {
    const answer = await this.request(access, { method: 'GET', path, deadlineMs: DOWNLOAD_TIMEOUT_MS }, maxBytes);
    const contentType = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
    return { content: answer.body, contentType: contentType === '' ? 'application/octet-stream' : contentType };
  }

  /** Without the bot's token: to an address that is a permission itself. @param deadlineMs milliseconds for all of it @throws MattermostError */
  async postTo(access: ChannelAccess, url: string, body: object, deadlineMs = CALL_TIMEOUT_MS): Promise<void> {
    const answer = await this.attempt(true, () =>
      this.networks.of(access.channel).request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        deadlineMs,
        maxBytes: MAX_ANSWER_BYTES,
      }),
    );
    if (!isSuccess(answer)) throw failureOf(answer, errorIdOf(answer), true);
  }

  private async request(access: ChannelAccess, call: MattermostCall, maxBytes: number): Promise<GuardedAnswer> {
    const changesThings = call.method === 'POST';
    const answer = await this.attempt(changesThings, () =>
      this.networks.of(access.channel).request(urlOf(access, call), {
        method: call.method,
        headers: {
          authorization: `Bearer ${credential(access.credentials, 'bot_token')}`,
          accept: 'application/json',
          // Else servers with sessions in cookies want a CSRF token.
          'x-requested-with': 'XMLHttpRequest',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        deadlineMs: call.deadlineMs ?? CALL_TIMEOUT_MS,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
        maxBytes,
      }),
    );
    if (!isSuccess(answer)) throw failureOf(answer, errorIdOf(answer), changesThings);
    return answer;
  }

  private async attempt(changesThings: boolean, work: () => Promise<GuardedAnswer>): Promise<GuardedAnswer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ChannelSendError) throw error;
      if (!(error instanceof NetworkFailure)) throw error;
      const failure = error.kind === 'too-large' && !changesThings ? 'invalid' : 'unavailable';
      throw new MattermostError(failure, `Mattermost: ${error.message}`, changesThings && error.mayHaveLeft);
    }
  }
}

function urlOf({ credentials }: ChannelAccess, { path, query = {} }: MattermostCall): string {
  const url = new URL(`${credential(credentials, 'url')}/api/v4${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url.href;
}

const isSuccess = ({ status }: GuardedAnswer): boolean => status >= 200 && status < 300;

/** The name of the error, which is safe to show; null when the answer is not in Mattermost's own words. */
function errorIdOf({ body }: GuardedAnswer): string | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const id = isRecord(value) ? textIn(value, 'id', 200) : null;
    return id !== null && /^[a-z0-9_.-]+$/i.test(id) ? id : null;
  } catch {
    return null;
  }
}
