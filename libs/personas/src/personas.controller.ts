import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { GeneratePersonaDto } from './dto/generate-persona.dto';
import { CreatePersonaDto, ListPersonasQueryDto, UpdatePersonaDto } from './dto/persona.dto';
import { GeneratedPersonaResponse, PersonaListResponse, PersonaResponse } from './dto/persona.response';
import { toChangedContent, toNewContent } from './dto/to-content';
import { PersonasService } from './personas.service';
import { generatePersona } from './prompts';

@ApiTags('personas')
@ApiBearerAuth()
@Controller('personas')
export class PersonasController {
  constructor(private readonly personas: PersonasService) {}

  @Post()
  @ApiOperation({
    summary: 'Make a persona',
    description:
      'Only `name` is needed. `model`, `temperature` and `max_tokens` that are left out follow the instance, also when its defaults change.',
  })
  @ApiCreatedResponse({ type: PersonaResponse })
  @ApiProblems(404)
  async create(@CurrentUser() principal: Principal, @Body() body: CreatePersonaDto): Promise<PersonaResponse> {
    const persona = await this.personas.create(principal, {
      content: toNewContent(body),
      visibility: body.visibility ?? 'private',
      workspaceId: body.workspace_id ?? undefined,
    });
    return PersonaResponse.from(persona);
  }

  @Post('generate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Suggest the texts of a persona',
    description:
      'Built from templates, without a model: the same input gives the same texts. Nothing is saved; send what you like to POST /personas.',
  })
  @ApiOkResponse({ type: GeneratedPersonaResponse })
  generate(@Body() body: GeneratePersonaDto): GeneratedPersonaResponse {
    const generated = generatePersona({
      name: body.name,
      description: body.description ?? undefined,
      relationshipType: body.relationship_type ?? 'other',
      traits: body.traits ?? [],
      language: body.language ?? undefined,
    });
    return GeneratedPersonaResponse.from(generated);
  }

  @Get()
  @ApiOperation({ summary: 'List the personas that you can use, newest first' })
  @ApiOkResponse({ type: PersonaListResponse })
  async list(@CurrentUser() principal: Principal, @Query() query: ListPersonasQueryDto): Promise<PersonaListResponse> {
    const page = await this.personas.list(principal, {
      limit: query.limit ?? 50,
      cursor: query.cursor,
      relationshipType: query.relationship_type,
      nameContains: query.q,
    });
    return PersonaListResponse.from(page);
  }

  @Get(':persona_id')
  @ApiOperation({ summary: 'Read a persona' })
  @ApiOkResponse({ type: PersonaResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
  ): Promise<PersonaResponse> {
    return PersonaResponse.from(await this.personas.get(principal, personaId));
  }

  @Put(':persona_id')
  @ApiOperation({
    summary: 'Change a persona',
    description:
      'The same as PATCH: what is left out stays as it is, null sets a field back to its default. New content makes a new version; the same content makes none.',
  })
  @ApiOkResponse({ type: PersonaResponse })
  @ApiProblems(403, 404, 409)
  put(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Body() body: UpdatePersonaDto,
  ): Promise<PersonaResponse> {
    return this.patch(principal, personaId, body);
  }

  @Patch(':persona_id')
  @ApiOperation({
    summary: 'Change parts of a persona',
    description:
      'What is left out stays as it is, null sets a field back to its default. New content makes a new version; the same content makes none.',
  })
  @ApiOkResponse({ type: PersonaResponse })
  @ApiProblems(403, 404, 409)
  async patch(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Body() body: UpdatePersonaDto,
  ): Promise<PersonaResponse> {
    const persona = await this.personas.change(principal, personaId, {
      content: toChangedContent(body),
      visibility: body.visibility,
      expectedVersion: body.expected_version,
    });
    return PersonaResponse.from(persona);
  }

  @Delete(':persona_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a persona',
    description: 'Its conversations can still be read but take no more messages.',
  })
  @ApiNoContentResponse({ description: 'It is deleted.' })
  @ApiProblems(403, 404)
  async delete(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
  ): Promise<void> {
    await this.personas.delete(principal, personaId);
  }
}
