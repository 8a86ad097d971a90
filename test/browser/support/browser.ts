import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Waits within the page; the machine has other work to do as well. In milliseconds. */
export const DEADLINE_MS = 30_000;

/** Chromium's own sandbox does not work for root, as in containers. */
const ARGUMENTS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** @throws Error when this machine has no Chromium */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.TEST_CHROMIUM;
  if (!executablePath) throw new Error('There is no Chromium on this machine; name one in TEST_CHROMIUM.');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(DEADLINE_MS);
  return context;
}

/** What pages complained about: errors of scripts, refused by a policy, failed. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong, in words; empty: nothing. Shadow roots are looked into. */
export async function axeFindings(page: Page): Promise<string[]> {
  // In the page by the debugger, which its content security policy does not concern.
  await page.evaluate(`${AXE}; undefined`);
  const { violations } = await page.evaluate<AxeResult>(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
  );
}
