import { MessagesService } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import { foldText } from '../rules/matching/folded-text';
import { languageOf } from '../rules/matching/language';

/** The last messages tell it. */
const MESSAGES = 20;

/** The language in which a customer is told something when nothing that they have just said tells it. */
@Injectable()
export class CustomerLanguage {
  constructor(private readonly messages: MessagesService) {}

  /** Two letters; null when it is not clear. */
  async of(conversation: { id: number; userId: number; workspaceId: number }): Promise<string | null> {
    const { id, userId, workspaceId } = conversation;
    const customer = { userId, workspaceId, loginId: 0, isInstanceAdmin: false };
    const { rows } = await this.messages.list(customer, id, { limit: MESSAGES, isCurrentOnly: true });
    const said = rows.filter(({ role }) => role === 'user').map(({ content }) => content);
    return languageOf(foldText(said.join('\n')));
  }
}
