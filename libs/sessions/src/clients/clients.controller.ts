import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ClientsService } from './clients.service';
import {
  CreateClientDto,
  ListClientsQueryDto,
  toClientChanges,
  toClientFields,
  UpdateClientDto,
} from './dto/client.dto';
import { ClientListResponse, ClientResponse } from './dto/client.response';

@ApiTags('clients')
@ApiBearerAuth()
@Controller('clients')
export class ClientsController {
  constructor(private readonly clients: ClientsService) {}

  @Post()
  @ApiOperation({
    summary: 'Add a client',
    description: 'The person that sessions are about. Every member of the workspace can see and change it.',
  })
  @ApiCreatedResponse({ type: ClientResponse })
  @ApiProblems(404, 409)
  async create(@CurrentUser() principal: Principal, @Body() body: CreateClientDto): Promise<ClientResponse> {
    return ClientResponse.from(await this.clients.add(principal, toClientFields(body), body.workspace_id ?? undefined));
  }

  @Get()
  @ApiOperation({ summary: 'List the clients of your workspaces, newest first' })
  @ApiOkResponse({ type: ClientListResponse })
  async list(@CurrentUser() principal: Principal, @Query() query: ListClientsQueryDto): Promise<ClientListResponse> {
    const page = await this.clients.list(principal, {
      limit: query.limit ?? 50,
      cursor: query.cursor,
      workspaceId: query.workspace_id,
      email: query.email,
      externalId: query.external_id,
      contains: query.q,
    });
    return ClientListResponse.from(page);
  }

  @Get(':client_id')
  @ApiOperation({ summary: 'Read a client' })
  @ApiOkResponse({ type: ClientResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('client_id', ParseIdPipe) clientId: number,
  ): Promise<ClientResponse> {
    return ClientResponse.from(await this.clients.get(principal, clientId));
  }

  @Patch(':client_id')
  @ApiOperation({
    summary: 'Change a client',
    description:
      'The next answer in its sessions knows what is new. Null takes away `email`, `phone` or `external_id`.',
  })
  @ApiOkResponse({ type: ClientResponse })
  @ApiProblems(404, 409)
  async update(
    @CurrentUser() principal: Principal,
    @Param('client_id', ParseIdPipe) clientId: number,
    @Body() body: UpdateClientDto,
  ): Promise<ClientResponse> {
    return ClientResponse.from(await this.clients.change(principal, clientId, toClientChanges(body)));
  }

  @Delete(':client_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase a client with its sessions and all that was said in them',
    description:
      'Copies of the conversations at the model API go, too. What they cost stays in the ledger, without content.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(403, 404)
  async delete(@CurrentUser() principal: Principal, @Param('client_id', ParseIdPipe) clientId: number): Promise<void> {
    await this.clients.delete(principal, clientId);
  }
}
