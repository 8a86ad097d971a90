import type { BrowserContextOptions, Page } from 'playwright-core';
import { scenarios } from '../support/fake-openai';
import { axeFindings } from './support/browser';
import { ShownChat } from './support/chat';
import { ChatWorld } from './support/chat-world';

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const RICH =
  '## Heading\n\nA **bold** word, a [link](https://example.com), `code`.\n\n- one\n- two\n\n```js\nconst answer = 42;\n```\n\n> quoted';

/** Wider than the window: the reader would have to scroll sideways. */
const widthBeyond = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe('the chat page for everybody', () => {
  let world: ChatWorld;

  beforeAll(async () => {
    world = await ChatWorld.start();
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  const opened = async (options: BrowserContextOptions = {}, query = ''): Promise<ShownChat> =>
    ShownChat.open((await world.page(options)).page, `${world.url}/${query}`);

  it('everything can be done with the keyboard alone, and what has the focus is seen', async () => {
    const chat = await opened();
    const { keyboard } = chat.page;
    await keyboard.press('Tab');
    expect(await chat.focused()).toBe('Skip to the message field');
    await keyboard.press('Enter');
    expect(await chat.focused()).toBe('Your message');
    await keyboard.type('First line');
    await keyboard.press('Shift+Enter');
    await keyboard.type('second line');
    world.upstream.next({ type: 'hang', at: 'stream', afterPieces: 2 }, scenarios.reply('Another one.'));
    await keyboard.press('Enter');
    await chat.button('Stop the answer').waitFor();
    expect(await chat.texts('visitor')).toEqual(['First line\nsecond line']);
    await keyboard.press('Tab');
    expect(await chat.focused()).toBe('Stop the answer');
    const outline = await chat.page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await keyboard.press('Enter');
    await chat.button('Ask for another answer').waitFor();
    expect(await chat.focused()).toBe('Your message');
    await keyboard.press('Shift+Tab');
    expect(await chat.focused()).toContain('Ask for another answer');
    await keyboard.press('Enter');
    await chat.until(async () => (await chat.replies())[0] === 'Another one.', 'the other answer');
    await chat.until(async () => (await chat.focused()) === 'Your message', 'the focus back in the field');
    for (let steps = 0; (await chat.focused()) !== 'End the chat'; steps += 1) {
      expect(steps).toBeLessThan(10);
      await keyboard.press('Shift+Tab');
    }
    await keyboard.press('Enter');
    await chat.until(async () => (await chat.focused()) === 'Start a new chat', 'the focus on what can be done now');
    await keyboard.press('Enter');
    await chat.until(async () => (await chat.focused()) === 'Your message', 'the focus in the field');
  });

  it('a screen reader is told each answer once, when it is whole', async () => {
    const chat = await opened();
    await chat.page.evaluate(`(() => {
      window.told = [];
      const place = document.querySelector('[aria-live]');
      new MutationObserver(() => window.told.push(place.textContent)).observe(place, { childList: true, characterData: true, subtree: true });
    })()`);
    world.upstream.next({ type: 'reply', pieces: ['One ', 'two ', 'three ', 'four.'], tokenDelayMs: 200 });
    await chat.ask('Count');
    await chat.until(async () => (await chat.page.evaluate<string[]>('window.told')).length > 0, 'something told');
    world.upstream.next(scenarios.reply('Again.'));
    await chat.ask('Once more');
    await chat.until(async () => (await chat.page.evaluate<string[]>('window.told')).length > 1, 'the second');
    expect(await chat.page.evaluate<string[]>('window.told')).toEqual([
      'Assistant: One two three four.',
      'Assistant: Again.',
    ]);
    // What is streamed is in no live region.
    expect(await chat.page.locator('[aria-live] .message, [role=log] .message').count()).toBe(0);
    await chat.page.reload();
    await chat.isOnline();
    await chat.until(async () => (await chat.texts()).length === 4, 'the conversation');
    expect(await chat.page.locator('[aria-live]').innerText()).toBe('');
  });

  it.each([
    ['at a desk', {}],
    ['at a desk in the dark', { colorScheme: 'dark' }],
    ['on a phone', PHONE],
    ['on a phone in the dark', { ...PHONE, colorScheme: 'dark' }],
  ] satisfies [string, BrowserContextOptions][])('axe finds nothing wrong %s', async (_where, options) => {
    const chat = await opened(options);
    expect(await axeFindings(chat.page)).toEqual([]);
    world.upstream.next(scenarios.reply(RICH));
    await chat.ask('Show me everything');
    expect(await axeFindings(chat.page)).toEqual([]);
    expect(await widthBeyond(chat.page)).toBeLessThanOrEqual(0);
    await chat.button('End the chat').click();
    await chat.button('Start a new chat').waitFor();
    expect(await axeFindings(chat.page)).toEqual([]);
  });

  it('on a phone nothing is wider than the screen, and buttons are large enough for thumbs', async () => {
    const chat = await opened(PHONE);
    const long = `${'Donaudampfschifffahrtsgesellschaft'.repeat(8)} https://example.com/${'a'.repeat(300)}`;
    world.upstream.next(scenarios.reply(`${long}\n\n\`\`\`\n${'x'.repeat(400)}\n\`\`\``));
    await chat.ask(long);
    expect(await widthBeyond(chat.page)).toBeLessThanOrEqual(0);
    for (const button of await chat.page.getByRole('button').all()) {
      const box = (await button.boundingBox())!;
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
    }
    const field = (await chat.field.boundingBox())!;
    expect(field.y + field.height).toBeLessThanOrEqual(740);
  });

  it('it is dark where that is preferred, and nothing moves where that is not', async () => {
    const chat = await opened({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const ground = await chat.page.evaluate<string>('getComputedStyle(document.querySelector("main")).backgroundColor');
    expect(Math.max(...ground.match(/\d+/g)!.map(Number))).toBeLessThan(60);
    world.upstream.next(scenarios.hang('stream', 0));
    await chat.say('Think');
    await chat.page.locator('.dots').waitFor();
    const movement = 'getComputedStyle(document.querySelector(".dots i")).animationName';
    expect(await chat.page.evaluate<string>(movement)).toBe('none');
  });

  it('languages from right to left turn the page, and each message goes its own way', async () => {
    const chat = await opened({}, '?lang=ar');
    const root = chat.page.locator('html');
    expect([await root.getAttribute('lang'), await root.getAttribute('dir')]).toEqual(['ar', 'rtl']);
    world.upstream.next(scenarios.reply('This one is English.'));
    await chat.ask('أين طلبي؟');
    const directions = await chat.page.evaluate<string[]>(
      '[...document.querySelectorAll(".bubble")].map((each) => getComputedStyle(each).direction)',
    );
    expect(directions).toEqual(['rtl', 'ltr']);
    // The visitor's own messages stand where lines end: on the left.
    const own = (await chat.page.locator('.visitor .bubble').boundingBox())!;
    const reply = (await chat.page.locator('.assistant .bubble').boundingBox())!;
    expect(own.x).toBeLessThan(reply.x + reply.width / 2);
    expect(await axeFindings(chat.page)).toEqual([]);
  });

  it('speaks the language of the browser', async () => {
    const chat = await opened({ locale: 'de-AT' });
    expect(await chat.page.locator('html').getAttribute('lang')).toBe('de');
    await chat.button('Senden').waitFor();
  });
});
