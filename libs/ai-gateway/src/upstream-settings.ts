import type { HostedTool } from '@app/personas';
import type { UpstreamTool } from './provider';

/** A hosted tool in the words of the Responses API. */
export function upstreamTool(tool: HostedTool): UpstreamTool {
  switch (tool.type) {
    case 'web_search': {
      const { allowed_domains, user_location, ...rest } = tool;
      return {
        ...rest,
        ...(allowed_domains === undefined ? {} : { filters: { allowed_domains } }),
        ...(user_location === undefined ? {} : { user_location: { type: 'approximate', ...user_location } }),
      };
    }
    case 'mcp':
      // Nobody is there to approve anything while a reply is written.
      return { ...tool, require_approval: 'never' };
    case 'file_search':
    case 'code_interpreter':
      return { ...tool };
  }
}
