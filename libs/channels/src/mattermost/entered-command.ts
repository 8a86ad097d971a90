import { textIn } from '../meta/json';
import type { HookFields } from './hook-fields';

const MAX_TEXT = 32_000;

/** What somebody has entered, such as `/ai help`. */
export interface EnteredCommand {
  /** What follows the command's word. */
  text: string;
  channelId: string;
  channelName: string | null;
  teamName: string | null;
  userId: string;
  username: string | null;
  /** Such as `/ai`. */
  command: string;
}

export function enteredIn({ fields }: HookFields): EnteredCommand {
  return {
    text: textIn(fields, 'text', MAX_TEXT)?.trim() ?? '',
    channelId: textIn(fields, 'channel_id', 40) ?? '',
    channelName: textIn(fields, 'channel_name', 100),
    teamName: textIn(fields, 'team_domain', 100),
    userId: textIn(fields, 'user_id', 40) ?? '',
    username: textIn(fields, 'user_name', 100),
    command: textIn(fields, 'command', 100) ?? '/ai',
  };
}
