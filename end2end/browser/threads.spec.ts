import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, live, message, open, say, signUp } from './people.js';

const panel = (page: Page) => page.locator('#panel.thread');
const channel = (page: Page) => page.locator('#transcript');
const inChannel = (page: Page, text: string) => channel(page).locator('li.message').filter({ hasText: text });
const inThread = (page: Page, text: string) => panel(page).locator('li.message').filter({ hasText: text });

/** Opens the thread of a message by its tools. */
async function openThread(page: Page, text: string): Promise<void> {
  await inChannel(page, text).hover();
  await inChannel(page, text).getByRole('link', { name: 'Reply in thread' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Thread', exact: true })).toBeVisible();
}

async function reply(page: Page, text: string): Promise<void> {
  await page.locator('#thread-composer-body').fill(text);
  await page.locator('#thread-composer-body').press('Enter');
}

// M05, M17, M18, M19, U02, E02
test('a thread stands beside its channel, live for everybody, and its root counts it', async ({ page: ana, visitor }) => {
  test.setTimeout(120_000);
  await signUp(ana, 'Ana Lima', 'ana.threads');
  await createCommunity(ana, 'Threads');
  await open(ana, '/c/threads/general');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.threads');
  await joinCommunity(bo, 'Threads');
  await open(bo, '/c/threads/general');
  await say(ana, 'lunch today?');

  await openThread(bo, 'lunch today?');
  await expect(panel(bo)).toContainText('No replies yet');
  await expect(bo.locator('#thread-composer-body')).toBeFocused();
  await reply(bo, 'yes, at noon');
  await expect(inThread(bo, 'yes, at noon')).toBeVisible();
  await expect(inChannel(bo, 'yes, at noon')).toHaveCount(0);
  const link = (page: Page) => inChannel(page, 'lunch today?').locator('.thread-link');
  await expect(link(ana)).toContainText('1 reply');
  await expect(link(ana)).toContainText('last reply just now');

  // Ana is told, and reads by opening.
  await expect(ana.locator('.rail-inbox .count')).toContainText('1');
  await link(ana).click();
  await expect(ana).toHaveURL(/\?thread=/);
  await expect(inThread(ana, 'yes, at noon')).toBeVisible();
  await expect(ana.locator('.rail-inbox .count')).toHaveCount(0);

  // Inside, a message is what it is in the channel: edited, reacted to, deleted.
  await reply(ana, 'whre?');
  await inThread(ana, 'whre?').hover();
  await inThread(ana, 'whre?').getByRole('link', { name: 'Edit' }).click();
  await panel(ana).locator('.message-edit textarea').fill('where?');
  await panel(ana).locator('.message-edit textarea').press('Enter');
  await expect(inThread(bo, 'where?')).toContainText('edited');
  await inThread(bo, 'where?').hover();
  await inThread(bo, 'where?').getByRole('link', { name: 'React', exact: true }).click();
  await bo.getByRole('dialog', { name: 'Reactions' }).getByRole('button', { name: /^(👍|thumbs up)$/ }).first().click();
  await expect(inThread(ana, 'where?').getByRole('button', { name: '👍 1' })).toBeVisible();
  await expect(link(bo)).toContainText('2 replies');

  // One reply is sent to the channel as well, under a quote.
  await panel(bo).getByLabel('Also send to #general').check();
  await reply(bo, 'the old place');
  await expect(inThread(ana, 'the old place')).toBeVisible();
  await expect(inChannel(ana, 'the old place').locator('.quote')).toContainText('Ana Lima');
  await expect(inChannel(ana, 'the old place').locator('.quote')).toContainText('lunch today?');
  await expect(panel(bo).getByLabel('Also send to #general')).not.toBeChecked();

  // A deleted reply is counted no more; a deleted root keeps its replies.
  await inThread(ana, 'where?').hover();
  await inThread(ana, 'where?').getByRole('link', { name: 'Delete' }).click();
  await ana.getByRole('dialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(link(bo)).toContainText('2 replies');
  await expect(panel(bo).locator('li.message[data-state=deleted]')).toHaveCount(1);

  // The address is a link: as it is after a reload, and for whoever gets it.
  await ana.reload();
  await live(ana);
  await expect(inThread(ana, 'yes, at noon')).toBeVisible();
  await expect(panel(ana).locator('li.message')).toHaveCount(4);
  await ana.locator('#thread-composer-body').focus();
  await ana.keyboard.press('Escape');
  await expect(panel(ana)).toHaveCount(0);
  await expect(ana).not.toHaveURL(/thread=/);
  await expect(inChannel(ana, 'lunch today?').first()).toBeFocused();

  await inChannel(ana, 'lunch today?').first().hover();
  await inChannel(ana, 'lunch today?').first().getByRole('link', { name: 'Delete' }).click();
  await ana.getByRole('dialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(panel(bo).locator('li.message').first()).toContainText('This message was deleted.');
  await expect(inThread(bo, 'yes, at noon')).toBeVisible();
  await expect(panel(bo).locator('#thread-composer-body')).toHaveCount(0);
  await expect(panel(bo)).toContainText('It can be read, not added to.');
  await expect(inChannel(bo, 'the old place').locator('.quote')).toContainText('This message was deleted.');
});

// U06, U12, M27
test('a reply written offline waits in its thread and settles in its place', async ({ page, problems }) => {
  problems.allow(/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|WebSocket|Failed to (load|fetch)|ERR_NETWORK|net::ERR/);
  await signUp(page, 'Ana Lima', 'ana.waits');
  await createCommunity(page, 'Waits');
  await open(page, '/c/waits/general');
  await say(page, 'out at sea');
  await openThread(page, 'out at sea');
  await page.context().setOffline(true);
  await reply(page, 'no line here');
  await expect(inThread(page, 'no line here')).toHaveAttribute('data-state', 'pending');
  await expect(inChannel(page, 'no line here')).toHaveCount(0);
  await page.context().setOffline(false);
  await expect(inThread(page, 'no line here')).not.toHaveAttribute('data-state', 'pending', { timeout: 15_000 });
  await expect(inThread(page, 'no line here')).toHaveCount(1);
});

// M06, E02
test('a thread is followed or not, and a link to a reply opens it', async ({ page: ana, visitor }) => {
  test.setTimeout(90_000);
  await signUp(ana, 'Ana Lima', 'ana.follows');
  await createCommunity(ana, 'Follows');
  await open(ana, '/c/follows/general');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.follows');
  await joinCommunity(bo, 'Follows');
  await open(bo, '/c/follows/general');
  await say(ana, 'a question');
  await openThread(ana, 'a question');
  const follow = panel(ana).getByRole('button', { name: /^Follow/ });
  await expect(follow).toHaveText('Following');
  await follow.click();
  await expect(follow).toHaveText('Follow');
  await follow.click();
  await expect(follow).toHaveAttribute('aria-pressed', 'true');
  await ana.goto('/c/follows/announcements');
  await live(ana);
  await openThread(bo, 'a question');
  await reply(bo, 'an answer');
  await expect(ana.locator('.rail-inbox .count')).toContainText('1');
  await ana.locator('.rail-inbox').click();
  await expect(ana.locator('.inbox > li').first()).toContainText('Bo Okri replied in a thread in #general');
  await ana.locator('.inbox > li').first().getByRole('link').click();
  await expect(inThread(ana, 'an answer')).toBeVisible();
  await expect(inThread(ana, 'an answer')).toHaveAttribute('data-target', '');
  await expect(inChannel(ana, 'a question')).toBeVisible();
  await expect(ana.locator('.rail-inbox .count')).toHaveCount(0);
});

// M31
test('a message is answered in the channel under a quote that leads to it', async ({ page }) => {
  await signUp(page, 'Ana Lima', 'ana.quotes');
  await createCommunity(page, 'Quotes');
  await open(page, '/c/quotes/general');
  await say(page, 'the **first** thing');
  await message(page, 'the first thing').hover();
  await message(page, 'the first thing').getByRole('link', { name: 'Reply with quote' }).click();
  await expect(page.locator('#composer .composer-context')).toContainText('Ana Lima: the first thing');
  await say(page, 'and the second');
  const quote = message(page, 'and the second').locator('.quote');
  await expect(quote).toContainText('the first thing');
  await expect(page.locator('#composer .composer-context')).toHaveCount(0);
  await quote.click();
  await expect(page.locator('li.message').first()).toBeFocused();
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing about a thread, ${theme}`, async ({ page }) => {
    test.setTimeout(90_000);
    await page.emulateMedia({ colorScheme: theme });
    const name = theme === 'light' ? 'Noon' : 'Dusk';
    await signUp(page, 'Ana Lima', `ana.thread.${theme}`);
    await createCommunity(page, name);
    await open(page, `/c/${name.toLowerCase()}/general`);
    await say(page, 'a thread');
    await openThread(page, 'a thread');
    await panel(page).getByLabel('Also send to #general').check();
    await reply(page, 'a reply');
    await expect(inChannel(page, 'a reply').locator('.quote')).toBeVisible();
    const here = page.url();
    for (const viewport of [{ width: 1440, height: 900 }, { width: 900, height: 1100 }, { width: 390, height: 844 }]) {
      await page.setViewportSize(viewport);
      await page.goto(here, { waitUntil: 'networkidle' });
      await expect(inThread(page, 'a reply')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target).join(' · ')}`)).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(viewport.width);
    }
    // On a phone the thread has the whole screen.
    expect((await panel(page).boundingBox())?.width).toBe(390);
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M05, M18, U11
  test('a thread is a page with a form', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.thread.plain');
    await createCommunity(page, 'Plainthreads');
    await page.goto('/c/plainthreads/general');
    await page.locator('#composer-body').fill('on paper');
    await page.locator('#composer').getByRole('button', { name: 'Send' }).click();
    await inChannel(page, 'on paper').hover();
    await inChannel(page, 'on paper').getByRole('link', { name: 'Reply in thread' }).click();
    await page.locator('#thread-composer-body').fill('in ink');
    await page.locator('#thread-composer').getByRole('button', { name: 'Send' }).click();
    await expect(page).toHaveURL(/\?thread=.*#thread-composer$/);
    await expect(inThread(page, 'in ink')).toBeVisible();
    await expect(inChannel(page, 'in ink')).toHaveCount(0);
    await expect(inChannel(page, 'on paper').locator('.thread-link')).toContainText('1 reply');

    await inThread(page, 'in ink').hover();
    await inThread(page, 'in ink').getByTitle('Edit').click();
    await panel(page).locator('.message-edit textarea').fill('in pencil');
    await panel(page).locator('.message-edit button[type=submit]').click();
    await expect(inThread(page, 'in pencil')).toContainText('edited');

    await panel(page).getByLabel('Also send to #general').check();
    await page.locator('#thread-composer-body').fill('for all');
    await page.locator('#thread-composer').getByRole('button', { name: 'Send' }).click();
    await expect(inChannel(page, 'for all').locator('.quote')).toContainText('on paper');

    await panel(page).getByRole('button', { name: 'Following' }).click();
    await expect(panel(page).getByRole('button', { name: 'Follow', exact: true })).toBeVisible();

    await inThread(page, 'in pencil').hover();
    await inThread(page, 'in pencil').getByTitle('Delete').click();
    const question = inThread(page, 'in pencil').locator('form').filter({ hasText: 'Delete this message?' });
    await question.getByRole('button', { name: 'Delete' }).click();
    await expect(panel(page).locator('li.message[data-state=deleted]')).toHaveCount(1);
    await panel(page).getByRole('link', { name: 'Close the thread' }).click();
    await expect(panel(page)).toHaveCount(0);
    await expect(inChannel(page, 'on paper').first().locator('.thread-link')).toContainText('1 reply');

    await inChannel(page, 'on paper').first().hover();
    await inChannel(page, 'on paper').first().getByRole('link', { name: 'Reply with quote' }).click();
    await expect(page.locator('#composer .composer-context')).toContainText('on paper');
    await page.locator('#composer-body').fill('quoted plainly');
    await page.locator('#composer').getByRole('button', { name: 'Send' }).click();
    await expect(inChannel(page, 'quoted plainly').locator('.quote')).toContainText('on paper');
  });
});
