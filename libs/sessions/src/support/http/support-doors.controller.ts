import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { IdentitySecretResponse, SupportDoorDto, SupportDoorResponse } from '../dto/support-door.dto';
import { SupportSettings } from '../support-settings.service';

@ApiTags('support chat')
@ApiBearerAuth()
@Controller('workspaces/:workspace_id/support-door')
export class SupportDoorsController {
  constructor(private readonly settings: SupportSettings) {}

  @Get()
  @ApiOperation({ summary: 'Read the support chat of a workspace that you own' })
  @ApiOkResponse({ type: SupportDoorResponse })
  @ApiProblems(403, 404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('workspace_id', ParseIdPipe) workspaceId: number,
  ): Promise<SupportDoorResponse> {
    return SupportDoorResponse.from(await this.settings.get(principal, workspaceId));
  }

  @Put()
  @ApiOperation({
    summary: 'Make the support chat of a workspace, or change it',
    description: 'What is left out gets its default. The public key and the identity secret stay.',
  })
  @ApiOkResponse({ type: SupportDoorResponse })
  @ApiProblems(403, 404)
  async save(
    @CurrentUser() principal: Principal,
    @Param('workspace_id', ParseIdPipe) workspaceId: number,
    @Body() body: SupportDoorDto,
  ): Promise<SupportDoorResponse> {
    return SupportDoorResponse.from(
      await this.settings.save(principal, workspaceId, {
        personaId: body.persona_id,
        isEnabled: body.is_enabled ?? true,
        allowedOrigins: body.allowed_origins ?? [],
        requiresIdentity: body.requires_identity ?? false,
        sessionsPerMinute: body.sessions_per_minute ?? null,
        messagesPerMinute: body.messages_per_minute ?? null,
      }),
    );
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove the support chat: its key and its secret end, what was said stays' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(403, 404)
  async remove(
    @CurrentUser() principal: Principal,
    @Param('workspace_id', ParseIdPipe) workspaceId: number,
  ): Promise<void> {
    await this.settings.remove(principal, workspaceId);
  }

  @Post('keys')
  @ApiOperation({
    summary: 'Make a new public key',
    description: 'The former one lets nobody in any more, within seconds. Sessions that have begun go on.',
  })
  @ApiCreatedResponse({ type: SupportDoorResponse })
  @ApiProblems(403, 404)
  async replaceKey(
    @CurrentUser() principal: Principal,
    @Param('workspace_id', ParseIdPipe) workspaceId: number,
  ): Promise<SupportDoorResponse> {
    return SupportDoorResponse.from(await this.settings.replaceKey(principal, workspaceId));
  }

  @Post('identity-secret')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Make a new identity secret, with which your server vouches for its visitors',
    description: 'It is shown this once. The former one proves nothing any more, within seconds.',
  })
  @ApiCreatedResponse({ type: IdentitySecretResponse })
  @ApiProblems(403, 404)
  async replaceSecret(
    @CurrentUser() principal: Principal,
    @Param('workspace_id', ParseIdPipe) workspaceId: number,
  ): Promise<IdentitySecretResponse> {
    return { identity_secret: await this.settings.replaceSecret(principal, workspaceId) };
  }
}
