import { AppError } from '@app/kernel';
import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AppConfig } from '../config';
import { Public } from '../http/principal';
import { mayReadMetrics } from './metrics-access';
import { Metrics } from './metrics.service';

const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: AppConfig,
  ) {}

  /** The numbers of this process for Prometheus. It is for operators and in docs/operations.md, not in the documentation of the API. */
  @Public()
  @ApiExcludeEndpoint()
  @Get()
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async read(@Req() request: FastifyRequest): Promise<string> {
    const caller = {
      ip: request.socket.remoteAddress ?? '',
      authorization: request.headers.authorization,
      isForwarded: FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined),
    };
    if (!mayReadMetrics(caller, this.config.metricsToken)) {
      throw new AppError(
        'METRICS.FORBIDDEN',
        403,
        'Send Authorization: Bearer with the METRICS_TOKEN of this installation; without one only this machine may read the metrics.',
      );
    }
    return this.metrics.text();
  }
}
