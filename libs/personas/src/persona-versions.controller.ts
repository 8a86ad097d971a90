import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CreatePersonaVersionDto, ListPersonaVersionsQueryDto, PublishVersionDto } from './dto/persona.dto';
import { PersonaResponse, PersonaVersionListResponse, PersonaVersionResponse } from './dto/persona.response';
import { toChangedContent } from './dto/to-content';
import { PersonaHistoryService } from './persona-history.service';
import { PersonaPublishingService } from './persona-publishing.service';

@ApiTags('personas')
@ApiBearerAuth()
@ApiProblems(404)
@Controller('personas/:persona_id/versions')
export class PersonaVersionsController {
  constructor(
    private readonly history: PersonaHistoryService,
    private readonly publishing: PersonaPublishingService,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make a draft',
    description:
      'A version that answers nobody until it is published or part of an experiment. What is left out is taken from `based_on_version`, or from the ' +
      'published version. A version never changes: a changed draft is a new one, based on it.',
  })
  @ApiCreatedResponse({ type: PersonaVersionResponse })
  @ApiProblems(403, 409)
  async draft(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Body() body: CreatePersonaVersionDto,
  ): Promise<PersonaVersionResponse> {
    const version = await this.publishing.draft(principal, personaId, {
      content: toChangedContent(body),
      basedOnVersion: body.based_on_version,
      expectedVersion: body.expected_version,
    });
    return PersonaVersionResponse.from(version);
  }

  @Get()
  @ApiOperation({ summary: 'List the versions of a persona, newest first' })
  @ApiOkResponse({ type: PersonaVersionListResponse })
  async list(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Query() query: ListPersonaVersionsQueryDto,
  ): Promise<PersonaVersionListResponse> {
    const page = await this.history.list(principal, personaId, { limit: query.limit ?? 50, cursor: query.cursor });
    return PersonaVersionListResponse.from(page);
  }

  @Get(':version')
  @ApiOperation({ summary: 'Read one version of a persona' })
  @ApiOkResponse({ type: PersonaVersionResponse })
  async get(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Param('version', ParseIdPipe) version: number,
  ): Promise<PersonaVersionResponse> {
    return PersonaVersionResponse.from(await this.history.get(principal, personaId, version));
  }

  @Post(':version/publish')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publish a draft, or go back to an older version',
    description:
      'From the next turn on this version answers. Nothing is copied: the version keeps its number. A body is not needed; with `expected_version` nothing ' +
      'changes if somebody else has published another one meanwhile.',
  })
  @ApiBody({ type: PublishVersionDto, required: false })
  @ApiOkResponse({ type: PersonaResponse })
  @ApiProblems(403, 409)
  async publish(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Param('version', ParseIdPipe) version: number,
    @Body() body: PublishVersionDto,
  ): Promise<PersonaResponse> {
    return PersonaResponse.from(await this.publishing.publish(principal, personaId, version, body.expected_version));
  }

  @Delete(':version')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a draft',
    description: 'Only one that has never answered. Its number is not used again.',
  })
  @ApiNoContentResponse({ description: 'It is deleted.' })
  @ApiProblems(403, 409)
  async delete(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Param('version', ParseIdPipe) version: number,
  ): Promise<void> {
    await this.publishing.deleteDraft(principal, personaId, version);
  }

  @Post(':version/rollback')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Bring an old version back as a new one',
    description:
      'Makes a new version with the old content and answers with the persona; …/publish goes back without a copy. Who may see it does not change. A body is not needed.',
  })
  @ApiOkResponse({ type: PersonaResponse })
  @ApiProblems(403)
  async rollBack(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Param('version', ParseIdPipe) version: number,
  ): Promise<PersonaResponse> {
    return PersonaResponse.from(await this.history.rollBack(principal, personaId, version));
  }
}
