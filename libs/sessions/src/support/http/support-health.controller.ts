import { Public } from '@app/platform';
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SupportHealthResponse } from '../dto/support-health.response';
import { SupportHealthService } from '../support-health.service';

@ApiTags('support chat')
@Public()
@Controller('api/v1/health')
export class SupportHealthController {
  constructor(private readonly health: SupportHealthService) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'How this installation is: active sessions, waiting messages, latency' })
  @ApiOkResponse({ type: SupportHealthResponse })
  @ApiServiceUnavailableResponse({ type: SupportHealthResponse })
  async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<SupportHealthResponse> {
    const health = await this.health.now();
    void reply.status(health.status === 'unhealthy' ? 503 : 200);
    return SupportHealthResponse.from(health);
  }
}
