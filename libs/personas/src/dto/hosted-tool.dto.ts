import { getSchemaPath } from '@nestjs/swagger';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Equals,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmptyObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  type CodeInterpreterTool,
  type FileSearchTool,
  HOSTED_TOOL_TYPES,
  type HostedTool,
  type McpTool,
  SEARCH_CONTEXT_SIZES,
  type WebSearchTool,
} from '../hosted-tool';
import { IsOpenHttpsUrl } from './open-https-url';

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/** What is undefined is not stored. */
const only = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as T;

export class UserLocationDto {
  /** @example Berlin */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  city?: string;

  /** @example Brandenburg */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  region?: string;

  /** ISO 3166-1, two letters.
   * @example DE */
  @IsOptional()
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two capital letters, like DE' })
  country?: string;

  /** IANA time zone.
   * @example Europe/Berlin */
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9_+/-]{1,64}$/, { message: 'timezone must be an IANA time zone, like Europe/Berlin' })
  timezone?: string;
}

/** The upstream searches the web. */
export class WebSearchToolDto {
  @IsIn(['web_search'])
  type: 'web_search';

  /** How much of what was found the model reads.
   * @example medium */
  @IsOptional()
  @IsIn(SEARCH_CONTEXT_SIZES)
  search_context_size?: WebSearchTool['search_context_size'];

  /** Only these domains and what is below them; up to 20.
   * @example ["example.com"] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Length(4, 253, { each: true })
  @Matches(DOMAIN, { each: true, message: 'allowed_domains must be domains without a scheme, like example.com' })
  allowed_domains?: string[];

  /** Roughly where the people are who ask. */
  @IsOptional()
  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => UserLocationDto)
  user_location?: UserLocationDto;

  toTool(): WebSearchTool {
    const { search_context_size, allowed_domains, user_location: place } = this;
    const user_location =
      place && only({ city: place.city, region: place.region, country: place.country, timezone: place.timezone });
    return only({ type: 'web_search', search_context_size, allowed_domains, user_location });
  }
}

/** The upstream searches files that were put into its vector stores. */
export class FileSearchToolDto {
  @IsIn(['file_search'])
  type: 'file_search';

  /** 1 to 10 ids.
   * @example ["vs_68a1c2"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(/^[A-Za-z0-9_-]{1,100}$/, { each: true, message: 'vector_store_ids must be ids, like vs_68a1c2' })
  vector_store_ids: string[];

  /** 1 to 50 parts of files per search.
   * @example 5 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  max_num_results?: number;

  toTool(): FileSearchTool {
    const { vector_store_ids, max_num_results } = this;
    return only({ type: 'file_search', vector_store_ids, max_num_results });
  }
}

export class CodeContainerDto {
  @Equals('auto')
  type: 'auto';
}

/** The upstream runs code that the model writes. */
export class CodeInterpreterToolDto {
  @IsIn(['code_interpreter'])
  type: 'code_interpreter';

  /** Only `auto`: the upstream makes a container for each conversation. */
  @IsOptional()
  @ValidateNested()
  @Type(() => CodeContainerDto)
  container?: CodeContainerDto;

  toTool(): CodeInterpreterTool {
    return { type: 'code_interpreter', container: { type: 'auto' } };
  }
}

/**
 * A remote MCP server that the upstream calls, always without asking for approval (`require_approval: never`): nobody is there to approve.
 * Only servers that need no login: a persona stores no secrets.
 */
export class McpToolDto {
  @IsIn(['mcp'])
  type: 'mcp';

  /** A name for it; one per server.
   * @example docs */
  @IsString()
  @Matches(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
    message: 'server_label must be 1 to 64 letters, digits, _ or -, and begin with a letter',
  })
  server_label: string;

  /** `https` only, without credentials, query or fragment: secrets are often kept in those, and a persona stores none.
   * @example https://mcp.example.com/mcp */
  @IsOpenHttpsUrl(500)
  server_url: string;

  /** Only these tools of the server; up to 50 names. Without it: all.
   * @example ["search"] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  allowed_tools?: string[];

  toTool(): McpTool {
    const { server_label, server_url, allowed_tools } = this;
    return only({ type: 'mcp', server_label, server_url, allowed_tools });
  }
}

/** Stands for a tool that we do not know, so that the answer names its place. */
export class UnknownToolDto {
  @IsIn(HOSTED_TOOL_TYPES)
  type: unknown;

  toTool(): HostedTool {
    throw new Error('An unknown tool was not refused.');
  }
}

const TOOL_DTOS = {
  web_search: WebSearchToolDto,
  file_search: FileSearchToolDto,
  code_interpreter: CodeInterpreterToolDto,
  mcp: McpToolDto,
};

export type HostedToolDto = WebSearchToolDto | FileSearchToolDto | CodeInterpreterToolDto | McpToolDto | UnknownToolDto;

/** Not a discriminator of class-transformer: that one throws on null. */
export function toHostedToolDto(item: unknown): HostedToolDto {
  const type: unknown = typeof item === 'object' && item !== null ? (item as { type?: unknown }).type : undefined;
  const known = HOSTED_TOOL_TYPES.find((candidate) => candidate === type);
  if (known === undefined) return Object.assign(new UnknownToolDto(), { type });
  return plainToInstance<HostedToolDto, unknown>(TOOL_DTOS[known], item);
}

/** Two servers may be asked, but not under one label; of the other tools there is one each. */
export const toolIdentity = (tool: unknown): unknown =>
  tool instanceof UnknownToolDto ? tool : `${(tool as McpToolDto).type}/${(tool as McpToolDto).server_label ?? ''}`;

export const HOSTED_TOOL_DTOS = Object.values(TOOL_DTOS);
export const HOSTED_TOOL_SCHEMA = { oneOf: HOSTED_TOOL_DTOS.map((dto) => ({ $ref: getSchemaPath(dto) })) };
