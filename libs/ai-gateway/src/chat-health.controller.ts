import { Public } from '@app/platform';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RemoteRemovalsService } from './conversation-state';
import { ChatHealthResponse } from './dto/chat-health.response';
import { UpstreamHealthReporter } from './protection';
import { ProviderInfo } from './provider-info';

@ApiTags('health')
@Controller('chat/health')
export class ChatHealthController {
  constructor(
    private readonly info: ProviderInfo,
    private readonly removals: RemoteRemovalsService,
    private readonly upstream: UpstreamHealthReporter,
  ) {}

  @Public()
  @Get()
  @ApiOperation({ summary: 'Can the AI be reached?' })
  @ApiOkResponse({ type: ChatHealthResponse })
  async health(): Promise<ChatHealthResponse> {
    const { provider, model } = this.info.describe();
    const [{ ok, code }, upstream] = await Promise.all([this.info.check(), this.upstream.current().catch(() => null)]);
    const connected = provider === 'simulator' ? 'simulator' : 'connected';
    return {
      status: ok && upstream?.breaker !== 'open' ? 'healthy' : 'unhealthy',
      openai_api: ok ? connected : 'disconnected',
      provider,
      model,
      error_code: code,
      copies_to_delete: await this.removals.backlog().catch(() => null),
      breaker: upstream?.breaker ?? null,
      held_models: upstream?.held_models ?? null,
    };
  }
}
