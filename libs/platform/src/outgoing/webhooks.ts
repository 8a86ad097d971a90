import { createHmac } from 'node:crypto';
import { lookup as lookupName } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config';
import { isPublicAddress } from './public-address';

/** Whoever takes longer has a problem, and gets it again later. */
const TIMEOUT_MS = 10_000;

export interface Webhook {
  url: string;
  /** Signs the body: `X-Parley-Signature: sha256=<hex HMAC of "timestamp.body">`. */
  secret: string;
  body: object;
  /**
   * The message's id, the same for every attempt: it goes out as https://www.standardwebhooks.com wants it (`webhook-id`, `webhook-timestamp`,
   * `webhook-signature`) instead; `secret` is `whsec_` and base64 then.
   */
  standardId?: string;
}

/** Why a webhook was not delivered; the message names no address behind the host. */
export class WebhookFailed extends Error {
  /** @param status of the answer; null when there was none */
  constructor(
    message: string,
    readonly status: number | null = null,
  ) {
    super(message);
  }
}

/** The key is what stands behind the prefix, in base64. */
const STANDARD_PREFIX = 'whsec_';

function signatures({ secret, standardId }: Webhook, timestamp: number, text: string): Record<string, string> {
  if (standardId === undefined) {
    const signature = createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex');
    return { 'x-parley-timestamp': String(timestamp), 'x-parley-signature': `sha256=${signature}` };
  }
  return {
    'webhook-id': standardId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standardSignature(secret, standardId, timestamp, text),
  };
}

/** `webhook-signature` of https://www.standardwebhooks.com. @param timestamp in seconds */
export function standardSignature(secret: string, id: string, timestamp: number, text: string): string {
  const key = Buffer.from(secret.slice(STANDARD_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest('base64')}`;
}

/** Tells other people's servers something: only public ones (unless the operator allows others), never along a redirect. */
@Injectable()
export class Webhooks {
  constructor(private readonly config: AppConfig) {}

  /** @throws WebhookFailed unless the server answers with 2xx within 10 seconds */
  async post(webhook: Webhook): Promise<void> {
    const target = this.targetOf(webhook.url);
    const text = JSON.stringify(webhook.body);
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'user-agent': 'Parley',
      ...signatures(webhook, timestamp, text),
    };
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string, status: number | null = null): void => reject(new WebhookFailed(reason, status));
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const request = send(
        target,
        { method: 'POST', headers, signal, agent: false, lookup: this.lookup },
        (response) => {
          const { statusCode = 0 } = response;
          // Nothing of the answer is of interest, however long it is.
          response.destroy();
          if (statusCode >= 200 && statusCode < 300) resolve();
          else fail(`it answered with ${statusCode}`, statusCode);
        },
      );
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (signal.aborted) fail(`no answer within ${TIMEOUT_MS / 1000} seconds`);
        else {
          fail(
            error instanceof WebhookFailed
              ? error.message
              : `it could not be reached (${error.code ?? 'broken connection'})`,
          );
        }
      });
      request.end(text);
    });
  }

  /** What is wrong with an address; null when webhooks can be sent there, as far as that can be told without asking. */
  problemOf(url: string): string | null {
    try {
      this.targetOf(url);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private targetOf(url: string): URL {
    const target = URL.canParse(url) ? new URL(url) : null;
    const { allowPrivateWebhooks } = this.config;
    if (target === null || !/^https?:$/.test(target.protocol)) throw new WebhookFailed('must be an https URL');
    if (target.protocol === 'http:' && !allowPrivateWebhooks) throw new WebhookFailed('must begin with https://');
    if (target.username !== '' || target.password !== '') {
      throw new WebhookFailed('must not contain a user or password');
    }
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (!allowPrivateWebhooks && isIP(host) !== 0 && !isPublicAddress(host)) {
      throw new WebhookFailed('must be a server on the public internet');
    }
    return target;
  }

  /** Checks the very address that is then connected to: a name may change between a check and a use. */
  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookupName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const usable = this.config.allowPrivateWebhooks
        ? addresses
        : addresses.filter(({ address }) => isPublicAddress(address));
      const first = usable[0];
      if (first === undefined) return callback(new WebhookFailed('is not a server on the public internet'), '', 0);
      return options.all === true ? callback(null, usable) : callback(null, first.address, first.family);
    });
  };
}
