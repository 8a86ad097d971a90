import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { scenarios } from '../support/fake-openai';
import { ShownChat } from './support/chat';
import { ChatWorld } from './support/chat-world';
import { speak } from './support/team';

const FOLDER = resolve(__dirname, '../../docs/images');
const DESKTOP: BrowserContextOptions = { viewport: { width: 1200, height: 800 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 780 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
const SCHEMES = ['light', 'dark'] as const;

const ANSWER =
  'I am sorry to hear that. A few things help us to find it:\n\n' +
  '1. Your **order number**; it stands in the [confirmation](https://shop.example.com/orders)\n' +
  '2. The name on the parcel\n\nIt looks like this: `A-1042-77`.';

/** `npm run screenshots`: the pictures of docs/chat-page.md. Look at them after a change of the page. */
describe('screenshots', () => {
  let world: ChatWorld;

  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true });
    world = await ChatWorld.start();
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  const take = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  };

  async function converse(chat: ShownChat): Promise<void> {
    world.upstream.next(scenarios.reply(ANSWER));
    await chat.ask('Hello, my order has not arrived. It was for my sister’s birthday.');
    await speak(world, 'system', 'I have asked a colleague to take over. Somebody will answer you here.');
    await speak(world, 'agent', 'Hi, this is Kim. I found it: the parcel is at the post office around the corner.');
    await chat.until(async () => (await chat.texts('agent')).length === 1, 'what the person says');
  }

  it.each(SCHEMES)('the page, %s', async (colorScheme) => {
    for (const [name, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      const { page } = await world.page({ ...size, colorScheme });
      const chat = await ShownChat.open(page, world.url);
      await converse(chat);
      await take(page, `chat-page-${name}-${colorScheme}`);
    }
  });

  it.each(SCHEMES)('the widget, %s', async (colorScheme) => {
    for (const [name, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      const { page } = await world.page({ ...size, colorScheme });
      await page.goto(`${world.url}/widget-demo`);
      const chat = new ShownChat(page);
      await chat.button('Open the chat').click();
      await chat.isOnline();
      await converse(chat);
      await take(page, `widget-${name}-${colorScheme}`);
    }
  });

  it('while an answer is written, from right to left, and at the end', async () => {
    const { page } = await world.page(DESKTOP);
    const chat = await ShownChat.open(page, world.url);
    const pieces = 'We are open from Monday to Friday between nine and six, and on Saturdays until one.'.match(
      /\S+ ?/g,
    )!;
    world.upstream.next({ type: 'reply', pieces, tokenDelayMs: 500 });
    await chat.say('When are you open?');
    await chat.until(async () => (await chat.texts('assistant')).some((text) => text.includes('between')), 'the text');
    await take(page, 'chat-page-writing');

    const arabic = (await world.page(PHONE)).page;
    const other = await ShownChat.open(arabic, `${world.url}/?lang=ar`);
    world.upstream.next(scenarios.reply('أهلاً بك! ما هو **رقم الطلب**؟ تجده في رسالة التأكيد، مثل `A-1042-77`.'));
    await other.ask('مرحباً، أين طلبي؟');
    await take(arabic, 'chat-page-phone-rtl');
  });
});
