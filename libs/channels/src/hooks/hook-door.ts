import { AppError } from '@app/kernel';
import { RateLimits } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ChannelType } from '../core/channel';
import type { HookContentType } from '../core/channel-adapter';
import { wrongToken } from './hooks.errors';
import { HookSenders } from './hook-senders.service';
import { HooksService } from './hooks.service';

/** A refused hook counts once for each so many bytes that had to be read to refuse it. */
const COUNTED_BYTES = 16_384;
/** What is larger is not even read for a network of which too much was refused; what one person writes is smaller. */
const LARGE_BYTES = 65_536;

/** What all addresses of hooks do. Whoever is refused counts with their network; whom nothing is refused does not, for other systems send in bursts. */
@Injectable()
export class HookDoor {
  constructor(
    private readonly hooks: HooksService,
    private readonly senders: HookSenders,
    private readonly limits: RateLimits,
  ) {}

  /** @returns what is to be answered, as JSON; undefined: nothing. @throws 401, 415, 429 */
  async take(
    type: ChannelType,
    request: FastifyRequest,
    reply: FastifyReply,
    channelId: string | undefined,
    purpose?: string,
  ): Promise<object | undefined> {
    const body = bytesOf(request, this.hooks.contentTypes(type));
    const refusal = body.length > LARGE_BYTES ? this.limits.refusalOf(request, reply) : undefined;
    if (refusal !== undefined) throw refusal;
    try {
      const asked = { body, headers: request.headers, ...(purpose === undefined ? {} : { purpose }) };
      return await this.hooks.take(type, asked, idIn(channelId));
    } catch (error) {
      if (!(error instanceof AppError) || error.status !== 401) throw error;
      throw this.limits.countRefused(request, reply, Math.ceil(body.length / COUNTED_BYTES)) ?? error;
    }
  }

  /** @throws 403, 429 */
  async shake(
    type: ChannelType,
    request: FastifyRequest,
    reply: FastifyReply,
    channelId: string | undefined,
  ): Promise<string> {
    const query = request.query as Record<string, unknown>;
    const answer = await this.senders.answerHandshake(type, query, idIn(channelId));
    if (answer !== null) return answer;
    throw this.limits.countRefused(request, reply) ?? wrongToken();
  }
}

/** As they came: `apps/api` reads no body of a hook. */
function bytesOf({ body, headers }: FastifyRequest, contentTypes: readonly HookContentType[]): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  const declared = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (Buffer.isBuffer(body) && contentTypes.some((type) => type === declared)) return body;
  throw new AppError('REQUEST.MEDIA_TYPE', 415, `content-type: must be ${contentTypes.join(' or ')} here.`);
}

/** What is no id belongs to no channel. */
function idIn(channelId: string | undefined): number | undefined {
  if (channelId === undefined) return undefined;
  return /^[1-9]\d{0,14}$/.test(channelId) ? Number(channelId) : 0;
}
