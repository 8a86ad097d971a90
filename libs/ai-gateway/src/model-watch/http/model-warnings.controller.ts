import { CurrentUser, type Principal } from '@app/platform';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelWarningsService } from '../model-warnings.service';
import { ListModelWarningsQueryDto, ModelWarningListResponse } from './model-warnings.dto';

@ApiTags('personas')
@ApiBearerAuth()
@Controller('personas/model-warnings')
export class ModelWarningsController {
  constructor(private readonly warnings: ModelWarningsService) {}

  @Get()
  @ApiOperation({
    summary: 'List the personas whose models end, have ended or are not known',
    description:
      'The personas that you may change; for an instance administrator those of everybody. Each with what to do. The list of the model API is read ' +
      'once a day.',
  })
  @ApiOkResponse({ type: ModelWarningListResponse })
  async list(
    @CurrentUser() principal: Principal,
    @Query() query: ListModelWarningsQueryDto,
  ): Promise<ModelWarningListResponse> {
    const page = { limit: query.limit ?? 50, cursor: query.cursor };
    return ModelWarningListResponse.from(await this.warnings.list(principal, page));
  }
}
