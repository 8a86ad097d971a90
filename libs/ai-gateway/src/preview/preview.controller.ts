import { toStoredImage, wantsEvents } from '@app/conversations';
import { toChangedContent } from '@app/personas';
import { ApiProblems, CurrentUser, ParseIdPipe, type Principal, RateLimit } from '@app/platform';
import { Body, Controller, HttpCode, Param, Post, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOperation, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PreviewPersonaDto } from './dto/preview.dto';
import { PreviewResponse } from './dto/preview.response';
import { PREVIEW_STREAM_EXAMPLE } from './preview-stream-example';
import { PreviewStream } from './preview-stream';
import { PreviewsService } from './previews.service';

@ApiTags('personas')
@ApiBearerAuth()
@Controller('personas/:persona_id/preview')
export class PreviewController {
  constructor(private readonly previews: PreviewsService) {}

  @Post()
  @HttpCode(200)
  @RateLimit('send')
  @ApiOperation({
    summary: 'See how a persona answers, without storing anything',
    description:
      'Of any version, and with changes that are not saved. It needs no conversation and makes none; the call is in the usage ledger like every other. With ' +
      '`Accept: text/event-stream` the answer is streamed. Ending the request stops the model.',
  })
  @ApiExtraModels(PreviewResponse)
  @ApiResponse({
    status: 200,
    description: 'The answer, or with `Accept: text/event-stream` its events.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(PreviewResponse) } },
      'text/event-stream': { schema: { type: 'string' }, example: PREVIEW_STREAM_EXAMPLE },
    },
  })
  @ApiProblems(403, 404, 502)
  async preview(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Body() body: PreviewPersonaDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PreviewResponse | StreamableFile> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    if (reply.raw.destroyed) gone.abort();
    const running = await this.previews.begin(
      principal,
      personaId,
      {
        content: body.content,
        images: (body.images ?? []).map(toStoredImage),
        version: body.version,
        changes: body.changes ? toChangedContent(body.changes) : {},
        history: body.history ?? [],
      },
      { correlationId: String(request.id), signal: gone.signal },
    );
    if (!wantsEvents(request.headers.accept)) {
      return PreviewResponse.from(running.preview, await running.finish({ onDelta: () => undefined }));
    }
    // nginx would collect the events before it passes them on.
    void reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return new StreamableFile(new PreviewStream(running), { type: 'text/event-stream; charset=utf-8' });
  }
}
