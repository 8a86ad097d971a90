import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListPersonaVersionsQueryDto } from './dto/persona.dto';
import { PersonaResponse, PersonaVersionListResponse, PersonaVersionResponse } from './dto/persona.response';
import { PersonaHistoryService } from './persona-history.service';

@ApiTags('personas')
@ApiBearerAuth()
@ApiProblems(404)
@Controller('personas/:persona_id/versions')
export class PersonaVersionsController {
  constructor(private readonly history: PersonaHistoryService) {}

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

  @Post(':version/rollback')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Bring an old version back',
    description:
      'Makes a new version with the old content and answers with the persona. Who may see it does not change. A body is not needed.',
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
