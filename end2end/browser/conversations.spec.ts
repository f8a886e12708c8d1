import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, live, message, open, say, signUp } from './people.js';

const talk = (page: Page, name: string) => page.locator('.channels-nav a.channel').filter({ hasText: name });

async function axe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target).join(' · ')}`)).toEqual([]);
}

// C12
test('two people talk alone: the other hears of it with the first message, and nobody else ever', async ({ page: dee, visitor }) => {
  test.setTimeout(120_000);
  await signUp(dee, 'Dee Marsh', 'dee.talks');
  await createCommunity(dee, 'Talks');
  const ana = await visitor();
  await signUp(ana, 'Ana Lima', 'ana.talks');
  await joinCommunity(ana, 'Talks');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.talks');
  await joinCommunity(bo, 'Talks');
  await open(bo, '/c/talks/general');
  await open(dee, '/c/talks/general');

  // From the list of members.
  await ana.goto('/c/talks/members', { waitUntil: 'networkidle' });
  await ana.getByRole('button', { name: 'Message Bo Okri' }).click();
  await expect(ana).toHaveURL(/\/c\/talks\/~[0-9a-f]{32}$/);
  await live(ana);
  const address = new URL(ana.url()).pathname;
  await expect(ana.getByRole('heading', { name: 'Only you and Bo Okri read this' })).toBeVisible();
  await expect(ana.locator('#composer-body')).toHaveAttribute('placeholder', 'Message Bo Okri');
  await expect(ana).toHaveTitle(/^Bo Okri · Talks/);
  await axe(ana);
  await expect(talk(ana, 'Bo Okri')).toHaveAttribute('aria-current', 'page');
  // It was opened by now: a page that was read afterwards would know of it.
  await bo.reload();
  await live(bo);
  await expect(talk(bo, 'Ana Lima')).toHaveCount(0);

  await say(ana, 'only for you');
  await expect(talk(bo, 'Ana Lima').locator('.count')).toContainText('1');
  await expect(bo.locator('.rail-inbox .count')).toContainText('1');
  await talk(bo, 'Ana Lima').click();
  await live(bo);
  await expect(message(bo, 'only for you')).toBeVisible();
  await expect(talk(bo, 'Ana Lima').locator('.count')).toHaveCount(0);
  await expect(bo.locator('.rail-inbox .count')).toHaveCount(0);
  await say(bo, 'heard you');
  await expect(message(ana, 'heard you')).toBeVisible();

  // The owner of the community sees nothing of it.
  await dee.reload();
  await live(dee);
  await expect(talk(dee, 'Ana Lima')).toHaveCount(0);
  await expect(talk(dee, 'Bo Okri')).toHaveCount(0);
  await dee.goto('/c/talks/search?q=heard', { waitUntil: 'networkidle' });
  await expect(dee.getByRole('heading', { name: 'Nothing was found' })).toBeVisible();
  const answer = await dee.request.get(address);
  expect(answer.status()).toBe(404);
  await ana.goto('/c/talks/search?q=heard', { waitUntil: 'networkidle' });
  await expect(ana.locator('.hit')).toContainText('in Bo Okri');
});

// C12, U01
test('the palette and the page of a member lead to a conversation', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.finds');
  await createCommunity(ana, 'Finds');
  const bo = await visitor();
  await signUp(bo, 'Bo Castell', 'bo.finds');
  await joinCommunity(bo, 'Finds');
  await open(ana, '/c/finds/general');
  await ana.keyboard.press('Control+k');
  const palette = ana.getByRole('dialog', { name: 'Go to' });
  await expect(palette).toBeVisible();
  await ana.keyboard.type('bo.f');
  await expect(palette.getByRole('option')).toHaveText(['Bo Castell@bo.finds']);
  await ana.keyboard.press('Enter');
  await expect(ana).toHaveURL(/\/c\/finds\/~/);
  await expect(ana.getByRole('heading', { name: 'Only you and Bo Castell read this' })).toBeVisible();
  const address = new URL(ana.url()).pathname;

  await ana.goto('/c/finds/members', { waitUntil: 'networkidle' });
  await ana.getByRole('link', { name: 'Manage Bo Castell' }).click();
  await expect(ana.locator('.profile')).toContainText('Bo Castell');
  await ana.getByRole('button', { name: 'Message Bo Castell' }).click();
  await expect(ana).toHaveURL(new RegExp(`${address}$`));
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // C12, U11
  test('somebody is found, written to and answers by forms and links', async ({ page: ana, visitor }) => {
    test.setTimeout(60_000);
    await signUp(ana, 'Ana Lima', 'ana.slips');
    await createCommunity(ana, 'Slips');
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.slips');
    await joinCommunity(bo, 'Slips');
    await ana.goto('/c/slips');
    await ana.getByRole('link', { name: 'New message' }).click();
    await ana.getByLabel('Find by name or handle').fill('bo');
    await ana.getByRole('button', { name: 'Find' }).click();
    await ana.getByRole('button', { name: 'Message Bo Okri' }).click();
    await expect(ana).toHaveURL(/\/c\/slips\/~/);
    await ana.locator('#composer-body').fill('a note for you');
    await ana.getByRole('button', { name: 'Send' }).click();
    await expect(message(ana, 'a note for you')).toBeVisible();
    const wide = await ana.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide, 'nothing is wider than the phone').toBe(false);

    await bo.goto('/c/slips');
    await talk(bo, 'Ana Lima').click();
    await expect(message(bo, 'a note for you')).toBeVisible();
    await bo.locator('#composer-body').fill('thank you');
    await bo.getByRole('button', { name: 'Send' }).click();
    await ana.goto(new URL(ana.url()).pathname);
    await expect(message(ana, 'thank you')).toBeVisible();

    await ana.goto('/c/slips/new-message');
    await ana.getByRole('button', { name: 'Keep notes' }).click();
    await expect(ana.getByRole('heading', { name: 'Your notes' })).toBeVisible();
  });
});
