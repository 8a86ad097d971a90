import type { Page } from 'playwright-core';
import { scenarios } from '../support/fake-openai';
import { axeFindings, complaintsOf } from './support/browser';
import { ShownChat } from './support/chat';
import { HOSTILE_STYLES, type Shop, type Website } from './support/website';
import { WidgetWorld } from './support/widget-world';

describe('the widget on a website', () => {
  let world: WidgetWorld;
  let website: Website;
  let shop: Shop;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    world = await WidgetWorld.start();
    ({ website, shop } = world);
  });
  beforeEach(async () => {
    ({ page, complaints } = await world.visit());
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  const opened = (): Promise<ShownChat> => world.opened(page);

  it('talks from a page of another origin, under that page’s strict policy, and disturbs nothing', async () => {
    const chat = await opened();
    world.upstream.next(scenarios.reply('It is on its way.'), scenarios.reply('By **Friday**.'));
    await chat.ask('Where is my parcel?');
    expect(await chat.texts()).toEqual(['Where is my parcel?', 'It is on its way.']);
    await chat.button('Ask for another answer').click();
    await chat.until(async () => (await chat.replies())[0] === 'By Friday.', 'the other answer');
    expect(complaints).toEqual([]);
    expect(await page.evaluate<number>('document.body.children.length')).toBe(3);
    // One can still use the page.
    await page.getByRole('button', { name: 'Buy' }).click();
  });

  it('streams, stops, and keeps the conversation when the visitor goes to another page', async () => {
    const chat = await opened();
    world.upstream.next({ type: 'hang', at: 'stream', afterPieces: 3 });
    await chat.say('Tell me all');
    await chat.until(async () => (await chat.texts('assistant')).some((text) => text !== ''), 'the first words');
    await chat.button('Stop the answer').click();
    await page.getByText('Stopped.', { exact: true }).waitFor();
    const before = await chat.texts();
    await page.goto(`${website.origin}/another-page`);
    await chat.until(async () => (await chat.texts()).length === before.length, 'the conversation');
    expect(await chat.texts()).toEqual(before);
  });

  it('a page that is not allowed is told so, in plain words', async () => {
    website.attributes = `data-key="${await shop.openDoor(['https://shop.example.com'])}"`;
    await page.goto(website.origin);
    await page.getByRole('button', { name: 'Open the chat' }).click();
    // Its browser may not even read why.
    await page.getByText('The chat cannot be opened.').waitFor();
  });

  it('the keyboard stays in the panel, Esc closes it, and the focus goes back to the button', async () => {
    await page.goto(website.origin);
    const chat = new ShownChat(page);
    await chat.button('Open the chat').focus();
    await page.keyboard.press('Enter');
    await chat.isOnline();
    expect(await chat.focused()).toBe('Your message');
    const names = new Set<string>();
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab');
      names.add(await chat.focused());
    }
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Shift+Tab');
      names.add(await chat.focused());
    }
    expect([...names].sort()).toEqual(['Close the chat', 'Conversation', 'Send', 'Your message']);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await chat.until(async () => (await chat.focused()) === 'Open the chat', 'the focus on the button');
  });

  it('what comes while it is closed is counted on its button', async () => {
    const chat = await opened();
    world.upstream.next({ type: 'reply', pieces: ['Here ', 'it ', 'is.'], tokenDelayMs: 300 });
    await chat.say('Say something later');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open the chat (1)' }).click();
    await chat.until(async () => (await chat.replies())[0] === 'Here it is.', 'the answer');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open the chat', exact: true }).waitFor();
  });

  it('looks the same whatever the styles of the website are', async () => {
    /** Size, colours and letters of what is seen. */
    const look = (): Promise<unknown> =>
      page.evaluate(`(() => {
        const root = document.querySelector('parley-chat').shadowRoot;
        return [...root.querySelectorAll('.launcher, .panel, .panel h2, .presence, .lamp, .bubble, textarea, .send')].map((each) => {
          const { x, y, width, height } = each.getBoundingClientRect();
          const { color, backgroundColor, fontSize, fontFamily, letterSpacing, textTransform, direction, colorScheme } = getComputedStyle(each);
          return { what: each.className || each.tagName, x, y, width, height, color, backgroundColor, fontSize, fontFamily, letterSpacing, textTransform, direction, colorScheme };
        });
      })()`);
    const looks: unknown[] = [];
    for (const styles of ['', HOSTILE_STYLES]) {
      website.styles = styles;
      ({ page } = await world.page({ viewport: { width: 1000, height: 800 }, colorScheme: 'dark' }));
      world.upstream.next(scenarios.reply('Here.'));
      const chat = await opened();
      await chat.ask('Where?');
      expect(await page.evaluate<string>('getComputedStyle(document.querySelector("h1")).letterSpacing')).toBe(
        styles === '' ? 'normal' : '5px',
      );
      looks.push(await look());
    }
    expect(looks[1]).toEqual(looks[0]);
    expect(looks[0]).toHaveLength(9);
    expect(JSON.stringify(looks[0])).toContain('"colorScheme":"light dark"');
  });

  it('two tags make one button', async () => {
    website.tags = 2;
    website.attributes += ' data-lang="de" async';
    await page.goto(website.origin);
    await page.getByRole('button', { name: 'Chat öffnen' }).click();
    await page.locator('.lamp.online').waitFor();
    expect(await page.locator('parley-chat').count()).toBe(1);
  });

  it.each(['light', 'dark'] as const)('axe finds nothing wrong, open and closed, in %s', async (colorScheme) => {
    ({ page } = await world.page({ colorScheme, viewport: { width: 1000, height: 800 } }));
    await page.goto(website.origin);
    const chat = new ShownChat(page);
    await chat.button('Open the chat').waitFor();
    expect(await findings()).toEqual([]);
    await chat.button('Open the chat').click();
    await chat.isOnline();
    await chat.ask('Hello');
    expect(await findings()).toEqual([]);
  });

  /** What is wrong within the widget: the shop has no policy for axe's own script, and its page is not ours. */
  async function findings(): Promise<string[]> {
    return (await axeFindings(page)).filter((finding) => !finding.startsWith('region:'));
  }

  it('fills the screen of a phone, and can be turned to the other side and to other languages', async () => {
    ({ page } = await world.page({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }));
    website.attributes += ' data-lang="ar" data-title="متجر" data-side="start"';
    await page.goto(website.origin);
    const launcher = (await page.locator('.launcher').boundingBox())!;
    expect(launcher.x).toBeGreaterThan(180);
    await page.locator('.launcher').click();
    const panel = page.getByRole('dialog', { name: 'متجر' });
    expect(await panel.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 740 });
    await page.locator('.lamp.online').waitFor();
    await page.getByRole('button', { name: 'أغلق المحادثة' }).click();
    await panel.waitFor({ state: 'detached' });
  });

  it('the demo page shows it without a key', async () => {
    const own = complaintsOf(page);
    await page.goto(`${world.url}/widget-demo`);
    const chat = new ShownChat(page);
    await chat.button('Open the chat').click();
    await chat.isOnline();
    await chat.ask('Hello');
    expect(own).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
  });
});
