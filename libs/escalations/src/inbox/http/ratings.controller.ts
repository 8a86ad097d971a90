import { ConversationsService } from '@app/conversations';
import { ApiProblems, CurrentUser, ParseIdPipe, type Principal, Public, RateLimit } from '@app/platform';
import { SupportRules, SupportSessions, Visits } from '@app/sessions';
import { Body, Controller, Get, Header, Param, Put, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Escalation } from '../escalation';
import { Ratings } from '../ratings.service';
import { RatingDto } from './inbox.dto';
import { RatingResponse } from './inbox.response';

const toResponse = (escalation: Escalation | undefined): RatingResponse => ({
  asked: escalation !== undefined,
  rating: escalation?.csatRating ?? null,
  comment: escalation?.csatComment ?? null,
});

/** How it was, by people with a login. */
@ApiTags('escalations')
@ApiBearerAuth()
@Controller('chat/conversations/:conversation_id/rating')
export class RatingsController {
  constructor(
    private readonly ratings: Ratings,
    private readonly conversations: ConversationsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Whether you are asked how it was with the person who helped you' })
  @ApiOkResponse({ type: RatingResponse })
  @ApiProblems(403, 404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) id: number,
  ): Promise<RatingResponse> {
    await this.conversations.get(principal, id);
    return toResponse(await this.ratings.of(id));
  }

  @Put()
  @RateLimit('send')
  @ApiOperation({ summary: 'Say how it was' })
  @ApiOkResponse({ type: RatingResponse })
  @ApiProblems(403, 404, 409)
  async rate(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) id: number,
    @Body() { rating, comment }: RatingDto,
  ): Promise<RatingResponse> {
    await this.conversations.get(principal, id);
    return toResponse(await this.ratings.rate(id, rating, comment ?? null));
  }
}

const SessionIdParam = ApiParam({
  name: 'sessionId',
  description: 'The session’s id, which is its secret.',
  schema: { type: 'string', example: 'ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA' },
});

/** The same for visitors: the session's id is the secret. */
@ApiTags('support chat')
@Public()
@Controller('api/v1/chat/session/:sessionId/rating')
export class VisitorRatingsController {
  constructor(
    private readonly ratings: Ratings,
    private readonly support: SupportSessions,
    private readonly rules: SupportRules,
    private readonly visits: Visits,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the visitor is asked how it was with the person who helped' })
  @SessionIdParam
  @ApiOkResponse({ type: RatingResponse })
  @ApiProblems(403, 404)
  async get(
    @Param('sessionId') sessionId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RatingResponse> {
    const { conversationId } = await this.support.find(sessionId, this.visits.of(request, reply));
    return toResponse(await this.ratings.of(conversationId));
  }

  @Put()
  @ApiOperation({ summary: 'Say how it was, also when the session is over' })
  @SessionIdParam
  @ApiOkResponse({ type: RatingResponse })
  @ApiProblems(403, 404, 409, 429)
  async rate(
    @Param('sessionId') sessionId: string,
    @Body() { rating, comment }: RatingDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RatingResponse> {
    const visit = this.visits.of(request, reply);
    const session = await this.support.find(sessionId, visit);
    // Each costs as much as a message: it is stored, and told to the team and to webhooks.
    await this.rules.countMessage(session, visit);
    return toResponse(await this.ratings.rate(session.conversationId, rating, comment ?? null));
  }
}
