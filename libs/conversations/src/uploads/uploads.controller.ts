import { badInput } from '@app/kernel';
import { ApiProblems, CurrentUser, type Principal } from '@app/platform';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Injectable,
  Param,
  type PipeTransform,
  Post,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UploadResponse } from '../dto/upload.response';
import { UPLOAD_ID } from '../dto/message-image.dto';
import { IMAGE_TYPES } from './image-header';
import { MAX_READ_MS, UploadReads } from './upload-reads';
import { UploadsService } from './uploads.service';

const BYTES = { type: 'string' as const, format: 'binary' };

@Injectable()
class ParseUploadIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (UPLOAD_ID.test(value)) return value;
    throw badInput('upload_id', 'must be the id of an upload, like upl_ and 24 characters.');
  }
}

const UploadIdParam = ApiParam({ name: 'upload_id', schema: { type: 'string', pattern: UPLOAD_ID.source } });

@ApiTags('uploads')
@ApiBearerAuth()
@Controller('chat/uploads')
export class UploadsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly reads: UploadReads,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Upload a picture for a message',
    description:
      'The body is the picture itself, with its content-type. Name the `id` in `images` when you send a message. A picture that no message uses is removed ' +
      'after 24 hours. At most 10 MB (UPLOAD_MAX_BYTES) and 10,000 pixels in each direction; up to 100 MB of unused ones per user (UPLOAD_QUOTA_BYTES).',
  })
  @ApiConsumes(...IMAGE_TYPES)
  @ApiBody({ required: true, schema: BYTES })
  @ApiCreatedResponse({ type: UploadResponse })
  @ApiProblems(409)
  async upload(@CurrentUser() principal: Principal, @Req() request: FastifyRequest): Promise<UploadResponse> {
    const { 'content-type': contentType, 'content-length': length } = request.headers;
    const declared = length === undefined ? undefined : Number(length);
    return UploadResponse.from(await this.uploads.take(principal, contentType, declared, request.body));
  }

  @Get(':upload_id')
  @ApiOperation({ summary: 'Get a picture that you uploaded' })
  @UploadIdParam
  @ApiResponse({
    status: 200,
    description: 'The picture.',
    content: Object.fromEntries(IMAGE_TYPES.map((type) => [type, { schema: BYTES }])),
  })
  @ApiProblems(404)
  async read(
    @CurrentUser() principal: Principal,
    @Param('upload_id', ParseUploadIdPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { content, content_type } = await this.readInTurn(principal, id, reply);
    // Whatever the bytes are besides a picture, a browser runs nothing of them.
    void reply
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, no-cache');
    return new StreamableFile(content, { type: content_type, length: content.length, disposition: 'inline' });
  }

  /** The picture is in memory until its reader has it, so the place is kept that long. */
  private async readInTurn(
    principal: Principal,
    id: string,
    { raw }: FastifyReply,
  ): Promise<{ content: Buffer; content_type: string }> {
    const gone = new AbortController();
    raw.once('close', () => gone.abort());
    const leave = await this.reads.enter(principal.userId, gone.signal);
    const tooSlow = setTimeout(() => raw.destroy(), MAX_READ_MS);
    const end = (): void => {
      clearTimeout(tooSlow);
      leave();
    };
    raw.once('close', end);
    if (raw.closed) end();
    return this.uploads.read(principal, id);
  }

  @Delete(':upload_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a picture that no message uses' })
  @UploadIdParam
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(404, 409)
  async delete(@CurrentUser() principal: Principal, @Param('upload_id', ParseUploadIdPipe) id: string): Promise<void> {
    await this.uploads.delete(principal, id);
  }
}
