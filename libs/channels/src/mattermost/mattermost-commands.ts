import { within } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Channel } from '../core/channel';
import type { ChannelAccess, InboundMessage } from '../core/channel-adapter';
import type { ReadCommand } from '../core/surroundings';
import { Choices, placeIn } from '../inbox/choices.service';
import { isAllowedSender } from '../inbox/allowed-senders';
import { People } from '../inbox/people.service';
import { type AskingCommand, commandIn, isAsking } from './commands';
import type { EnteredCommand } from './entered-command';
import { isMattermostId } from './post';
import { means } from './rooms';

/** Mattermost waits three seconds: https://developers.mattermost.com/integrate/slash-commands/custom/ */
const DEADLINE_MS = 2000;

const ON_IT = 'On it…';
const SWITCHED_OFF = 'I am switched off at present.';
const NOT_HERE = 'I am not meant to answer in this channel.';
const NOT_ALLOWED = 'I am not meant to answer you here.';
const FAILED = 'That did not work. Please try again in a moment.';

/** What the person alone sees at once. */
export const ephemeral = (text: string): object => ({ response_type: 'ephemeral', text });

/** Commands, as `/ai <name>` and as posts that say nothing else. Some are answered at once, the rest are questions for the model. */
@Injectable()
export class MattermostCommands {
  constructor(
    private readonly people: People,
    private readonly choices: Choices,
    private readonly logger: PinoLogger,
  ) {}

  /** Whether a model is to answer what was entered. */
  isQuestion(text: string): boolean {
    const given = commandIn(text);
    return given === null || isAsking(given.command);
  }

  /** What was entered with the slash command. There within two seconds; never rejects. */
  async answer(access: ChannelAccess, entered: EnteredCommand): Promise<object> {
    try {
      return ephemeral(await within(this.said(access, entered), DEADLINE_MS));
    } catch (error) {
      this.logger.warn({ channel_id: access.channel.id, err: error }, 'a command was not answered');
      return ephemeral(FAILED);
    }
  }

  /** A post that says no more than the name of a command, and what belongs to it. */
  async read(
    access: ChannelAccess,
    identityId: number,
    { text, threadKey }: InboundMessage,
  ): Promise<ReadCommand | null> {
    const given = commandIn(text);
    if (given === null) return null;
    const { command } = given;
    if (isAsking(command)) return questionOf(access.channel, command);
    const place = placeIn(threadKey);
    return { answer: await command.run({ access, identityId, place, text: given.text, choices: this.choices }) };
  }

  private async said(access: ChannelAccess, entered: EnteredCommand): Promise<string> {
    const { channelId: place, userId, username } = entered;
    if (!isMattermostId(place) || !isMattermostId(userId)) return FAILED;
    if (!access.channel.isEnabled) return SWITCHED_OFF;
    if (!isAllowedPlace(access.channel, entered)) return NOT_HERE;
    if (!isAllowedSender(access.channel.settings, { scopedId: userId, phone: null })) return NOT_ALLOWED;
    const given = commandIn(entered.text);
    if (given === null || isAsking(given.command)) return ON_IT;
    const person = await this.people.of(access.channel, { scopedId: userId, phone: null, name: username });
    return given.command.run({ access, identityId: person.id, place, text: given.text, choices: this.choices });
  }
}

/** The command says what its channel is called, so nobody has to be asked. */
function isAllowedPlace({ settings }: Channel, { channelId, channelName, teamName }: EnteredCommand): boolean {
  const { allowed_channels: allowed } = settings;
  const room = { id: channelId, name: channelName ?? '', teamName };
  return allowed.length === 0 || allowed.some((notation) => means(notation, room));
}

function questionOf({ settings }: Channel, { question }: AskingCommand): ReadCommand {
  if (settings.context_posts > 0) return { question };
  return { answer: 'I do not read earlier posts here: that is switched off for me.' };
}
