import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../http/principal';
import { HealthResponse, ProbeResponse } from './health.response';
import { HealthService } from './health.service';

const VERSION = '0.1.0';

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Overview: what this process needs and how fast it answers. */
  @Get()
  @ApiOperation({ summary: 'Overview of this process' })
  @ApiOkResponse({ type: HealthResponse })
  @ApiServiceUnavailableResponse({ type: HealthResponse })
  async overview(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthResponse> {
    const [components, upstream, models, channels, encryption] = await Promise.all([
      this.health.components(),
      this.health.upstreamHealth(),
      this.health.modelsHealth(),
      this.health.channelsHealth(),
      this.health.encryptionHealth(),
    ]);
    const isUp = (name: string): boolean => components[name]!.status === 'up';
    void reply.status(isUp('database') ? 200 : 503);
    const isReadable = encryption?.status !== 'key_missing';
    const isWhole = isUp('queue') && isReadable && (upstream === null || upstream.breaker === 'closed');
    return {
      status: !isUp('database') ? 'unhealthy' : isWhole ? 'healthy' : 'degraded',
      version: VERSION,
      uptime_seconds: Math.round(process.uptime()),
      database: components.database!,
      queue: components.queue!,
      upstream,
      models,
      channels,
      encryption,
    };
  }

  /** The process runs. Restart it when this does not answer. */
  @Get('live')
  @ApiOperation({ summary: 'Does the process run?' })
  @ApiOkResponse({ type: ProbeResponse })
  live(): ProbeResponse {
    return { status: 'ok' };
  }

  /** The process can take requests. Send none while this is 503. */
  @Get('ready')
  @ApiOperation({ summary: 'Can the process take requests?' })
  @ApiOkResponse({ type: ProbeResponse })
  @ApiServiceUnavailableResponse({ type: ProbeResponse })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ProbeResponse> {
    const isReady = await this.health.isReady();
    void reply.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'unavailable' };
  }
}
