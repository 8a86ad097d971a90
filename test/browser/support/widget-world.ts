import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { FakeOpenAI } from '../../support/fake-openai';
import { FlakyProxy } from '../../support/flaky-proxy';
import type { Parley } from '../../support/parley';
import { ShownChat } from './chat';
import { ChatWorld } from './chat-world';
import { Shop, Website } from './website';

/** A shop's website with the widget. Its pages reach the backend through an address that can lose its connections. */
export class WidgetWorld extends ChatWorld {
  private constructor(
    chats: { browser: Browser; upstream: FakeOpenAI; parley: Parley },
    readonly proxy: FlakyProxy,
    readonly website: Website,
    readonly shop: Shop,
  ) {
    super(chats.browser, chats.upstream, chats.parley);
  }

  static override async start(env: NodeJS.ProcessEnv = {}): Promise<WidgetWorld> {
    const chats = await ChatWorld.start(env);
    const proxy = await FlakyProxy.start(Number(new URL(chats.url).port));
    const website = await Website.start(() => `http://127.0.0.1:${proxy.port}`);
    return new WidgetWorld(chats, proxy, website, await Shop.open(chats));
  }

  /** A visitor of the website, which is as it was in the beginning and allowed to show the widget. */
  async visit(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const attributes = `data-key="${await this.shop.openDoor([this.website.origin])}"`;
    Object.assign(this.website, { attributes, tags: 1, styles: '' });
    return this.page(options);
  }

  /** The widget on the website, opened. */
  async opened(page: Page): Promise<ShownChat> {
    await page.goto(this.website.origin);
    const chat = new ShownChat(page);
    await chat.button('Open the chat').click();
    await chat.isOnline();
    return chat;
  }

  override async tidy(): Promise<void> {
    this.proxy.isClosingAtOnce = false;
    await super.tidy();
  }

  override async stop(): Promise<void> {
    await this.website.stop();
    await this.proxy.stop();
    await super.stop();
  }
}
