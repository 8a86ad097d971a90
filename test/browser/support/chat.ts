import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../support/process';
import { DEADLINE_MS } from './browser';

export interface ShownMessage {
  by: 'visitor' | 'assistant' | 'agent' | 'notice';
  text: string;
  isWhole: boolean;
}

/** The chat as its reader sees it, on its page or in the widget. */
export class ShownChat {
  constructor(readonly page: Page) {}

  get field(): Locator {
    return this.page.getByRole('textbox');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Opens the page and waits until one can write. */
  static async open(page: Page, url: string): Promise<ShownChat> {
    await page.goto(url);
    const chat = new ShownChat(page);
    await chat.isOnline();
    return chat;
  }

  async isOnline(): Promise<void> {
    await this.page.locator('.lamp.online').waitFor();
    await this.field.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  /** Says something and waits for the whole answer. */
  async ask(text: string): Promise<void> {
    const before = (await this.replies()).length;
    await this.say(text);
    await this.until(async () => (await this.replies()).length > before, `an answer to "${text}"`);
  }

  async messages(): Promise<ShownMessage[]> {
    const items = await this.page.locator('li.message:not(.typing)').all();
    return Promise.all(
      items.map(async (item) => {
        const classes = ((await item.getAttribute('class')) ?? '').split(' ');
        const by = classes[1] as ShownMessage['by'];
        const words = by === 'notice' ? item : item.locator('.bubble');
        const text = (await words.count()) === 0 ? '' : await words.first().innerText();
        return { by, text, isWhole: !classes.some((name) => ['draft', 'on-its-way', 'unsent'].includes(name)) };
      }),
    ).catch(() => this.messages());
  }

  async texts(by?: ShownMessage['by']): Promise<string[]> {
    return (await this.messages()).filter((message) => by === undefined || message.by === by).map(({ text }) => text);
  }

  /** Whole answers of the AI. */
  async replies(): Promise<string[]> {
    return (await this.messages()).filter(({ by, isWhole }) => by === 'assistant' && isWhole).map(({ text }) => text);
  }

  async until(check: () => Promise<boolean>, what: string): Promise<void> {
    await eventually(async () => ((await check()) ? true : undefined), what, DEADLINE_MS).catch(
      async (error: unknown) => {
        throw new Error(`${String(error)}; the page shows: ${await this.page.locator('body').innerText()}`);
      },
    );
  }

  /** What has the focus, by its accessible name, within shadow roots too. */
  focused(): Promise<string> {
    return this.page.evaluate<string>(`(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.getAttribute('aria-label') ?? active?.labels?.[0]?.textContent ?? active?.textContent ?? '';
    })()`);
  }
}
