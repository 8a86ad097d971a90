import { ApiProblems, CurrentUser, decodeCursor, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { WebhookEndpoints } from '../webhooks/webhook-endpoints.service';
import { OfWorkspaceQueryDto, PageQueryDto } from './inbox.dto';
import {
  ChangeWebhookDto,
  CreatedWebhookResponse,
  CreateWebhookDto,
  WebhookDeliveryListResponse,
  WebhookDeliveryResponse,
  WebhookListResponse,
  WebhookResponse,
  WebhookSecretResponse,
} from './webhooks.dto';

@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly endpoints: WebhookEndpoints) {}

  @Post()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Have your server told what happens to escalations',
    description:
      'Signed as standardwebhooks.com says, tried again for more than a day when your server does not answer with 2xx. Nothing of what was said is sent.',
  })
  @ApiCreatedResponse({ type: CreatedWebhookResponse })
  @ApiProblems(403, 404, 409)
  async create(@CurrentUser() principal: Principal, @Body() body: CreateWebhookDto): Promise<CreatedWebhookResponse> {
    const { endpoint, secret } = await this.endpoints.create(principal, body.workspace_id, body.url, body.events);
    return { ...WebhookResponse.from(endpoint), secret };
  }

  @Get()
  @ApiOperation({ summary: 'List the webhooks of a workspace that you own' })
  @ApiOkResponse({ type: WebhookListResponse })
  @ApiProblems(403, 404)
  async list(@CurrentUser() principal: Principal, @Query() query: OfWorkspaceQueryDto): Promise<WebhookListResponse> {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const page = await this.endpoints.list(principal, query.workspace_id, query.limit ?? 50, after);
    return {
      webhooks: page.items.map((endpoint) => WebhookResponse.from(endpoint)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Get(':webhook_id')
  @ApiOperation({ summary: 'Read a webhook' })
  @ApiOkResponse({ type: WebhookResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('webhook_id', ParseIdPipe) id: number,
  ): Promise<WebhookResponse> {
    return WebhookResponse.from(await this.endpoints.get(principal, id));
  }

  @Patch(':webhook_id')
  @ApiOperation({ summary: 'Change a webhook, or switch it off and on' })
  @ApiOkResponse({ type: WebhookResponse })
  @ApiProblems(404)
  async change(
    @CurrentUser() principal: Principal,
    @Param('webhook_id', ParseIdPipe) id: number,
    @Body() body: ChangeWebhookDto,
  ): Promise<WebhookResponse> {
    const changes = { url: body.url, events: body.events, isEnabled: body.is_enabled };
    return WebhookResponse.from(await this.endpoints.change(principal, id, changes));
  }

  @Post(':webhook_id/secret')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Make a new secret, which is shown this once' })
  @ApiOkResponse({ type: WebhookSecretResponse })
  @ApiProblems(404)
  async replaceSecret(
    @CurrentUser() principal: Principal,
    @Param('webhook_id', ParseIdPipe) id: number,
  ): Promise<WebhookSecretResponse> {
    return { secret: await this.endpoints.replaceSecret(principal, id) };
  }

  @Delete(':webhook_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a webhook, with what it was told' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(404)
  async remove(@CurrentUser() principal: Principal, @Param('webhook_id', ParseIdPipe) id: number): Promise<void> {
    await this.endpoints.remove(principal, id);
  }

  @Get(':webhook_id/deliveries')
  @ApiOperation({ summary: 'What it was told, newest first; 30 days back' })
  @ApiOkResponse({ type: WebhookDeliveryListResponse })
  @ApiProblems(404)
  async deliveries(
    @CurrentUser() principal: Principal,
    @Param('webhook_id', ParseIdPipe) id: number,
    @Query() query: PageQueryDto,
  ): Promise<WebhookDeliveryListResponse> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const page = await this.endpoints.deliveries(principal, id, query.limit ?? 50, before);
    return {
      deliveries: page.items.map((delivery) => WebhookDeliveryResponse.from(delivery)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Post(':webhook_id/deliveries/:delivery_id/retry')
  @HttpCode(204)
  @ApiOperation({ summary: 'Send one again that has not arrived' })
  @ApiNoContentResponse({ description: 'It is sent soon.' })
  @ApiProblems(404)
  async retry(
    @CurrentUser() principal: Principal,
    @Param('webhook_id', ParseIdPipe) id: number,
    @Param('delivery_id', ParseIdPipe) deliveryId: number,
  ): Promise<void> {
    await this.endpoints.retry(principal, id, deliveryId);
  }
}
