export const HOSTED_TOOL_TYPES = ['web_search', 'file_search', 'code_interpreter', 'mcp'] as const;
export const SEARCH_CONTEXT_SIZES = ['low', 'medium', 'high'] as const;

/** Roughly where the person is, for searches. */
export interface UserLocation {
  city?: string;
  region?: string;
  /** ISO 3166-1, two letters. */
  country?: string;
  /** IANA, such as `Europe/Berlin`. */
  timezone?: string;
}

export interface WebSearchTool {
  type: 'web_search';
  search_context_size?: (typeof SEARCH_CONTEXT_SIZES)[number];
  allowed_domains?: string[];
  user_location?: UserLocation;
}

export interface FileSearchTool {
  type: 'file_search';
  vector_store_ids: string[];
  max_num_results?: number;
}

export interface CodeInterpreterTool {
  type: 'code_interpreter';
  container: { type: 'auto' };
}

export interface McpTool {
  type: 'mcp';
  server_label: string;
  server_url: string;
  allowed_tools?: string[];
}

/**
 * A tool that runs at the upstream: we only name it and show what it did. Stored as the API takes it. It holds no secrets, so there are no
 * headers and no authorization: an MCP server must be open to the upstream, and is called without asking for approval.
 */
export type HostedTool = WebSearchTool | FileSearchTool | CodeInterpreterTool | McpTool;

/** A JSON schema that the answer has to fit. */
export interface ResponseFormat {
  name: string;
  schema: Record<string, unknown>;
  /** The upstream guarantees the fit, and takes only part of JSON Schema. */
  strict: boolean;
}
