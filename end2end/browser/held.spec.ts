import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, message, open, say, signUp } from './people.js';

const held = (page: Page) => page.locator('.held li');
const cards = (page: Page) => page.locator('.flagged > li');

async function judgeBy(page: Page, community: string): Promise<void> {
  await page.goto(`/c/${community}/settings/moderation`, { waitUntil: 'networkidle' });
  await page.getByLabel('Refused words').fill('slur');
  await page.getByLabel('Held words').fill('spoiler*\nmerger');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('.notice[data-kind=good]')).toContainText('Saved');
}

// M07
test('a word is held until a moderator approves it, and a refused one keeps its text', async ({ page: ana, visitor, problems }) => {
  test.setTimeout(90_000);
  problems.allow(/status of 422 .*post_message/);
  await signUp(ana, 'Ana Lima', 'ana.holds');
  await createCommunity(ana, 'Holds');
  await judgeBy(ana, 'holds');
  const [bo, cy] = [await visitor(), await visitor()];
  for (const [page, name, handle] of [[bo, 'Bo Okri', 'bo.holds'], [cy, 'Cy Young', 'cy.holds']] as const) {
    await signUp(page, name, handle);
    await joinCommunity(page, 'Holds');
    await open(page, '/c/holds/general');
  }
  await say(bo, 'what a SP0ILER this is');
  await expect(held(bo)).toHaveCount(1);
  await expect(held(bo)).toContainText('Waiting for approval');
  await expect(held(bo)).toContainText('what a SP0ILER this is');
  await expect(message(bo, 'SP0ILER')).toHaveCount(0);
  await say(bo, 'nothing odd about this');
  await expect(message(cy, 'nothing odd about this')).toBeVisible();
  await expect(cy.getByText('SP0ILER')).toHaveCount(0);
  await bo.reload();
  await expect(held(bo)).toContainText('Waiting for approval');
  await open(bo, '/c/holds/general');

  await ana.setViewportSize({ width: 390, height: 844 });
  await open(ana, '/c/holds/general');
  await ana.goto('/c/holds/moderation', { waitUntil: 'networkidle' });
  await expect(cards(ana)).toHaveCount(1);
  await expect(cards(ana)).toContainText('Held: word list');
  await expect(cards(ana)).toContainText('Bo Okri');
  const { violations } = await new AxeBuilder({ page: ana }).analyze();
  expect(violations.map((it) => it.id)).toEqual([]);
  expect(await ana.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await cards(ana).getByRole('button', { name: /^Approve/ }).click();
  await expect(ana.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  await expect(message(cy, 'what a SP0ILER this is')).toBeVisible();
  await expect(message(bo, 'what a SP0ILER this is')).toBeVisible();
  await expect(held(bo)).toHaveCount(0);
  // In the order of approval.
  await expect(cy.locator('li.message .message-body').last()).toContainText('SP0ILER');

  // Declined, with a word to its author.
  await say(bo, 'about the merger');
  await expect(held(bo)).toHaveCount(1);
  await expect(cards(ana)).toContainText('about the merger');
  await cards(ana).locator('summary', { hasText: 'Decline' }).click();
  await cards(ana).getByLabel('A note for Bo Okri').fill('Not before Monday.');
  await cards(ana).getByRole('button', { name: /^Decline/ }).click();
  await expect(held(bo)).toContainText('a moderator declined your message');
  await expect(held(bo)).toContainText('Not before Monday.');
  // What she hears afterwards tells that she would have heard of it.
  await say(bo, 'let us wait');
  await expect(message(cy, 'let us wait')).toBeVisible();
  await expect(cy.getByText('about the merger')).toHaveCount(0);
  const his = await new AxeBuilder({ page: bo }).analyze();
  expect(his.violations.map((it) => it.id)).toEqual([]);
  await held(bo).getByRole('button', { name: 'Put away' }).click();
  await expect(held(bo)).toHaveCount(0);

  await say(bo, 'a slur, that is');
  await expect(message(bo, 'a slur, that is').locator('.message-failure')).toContainText('a word that this community does not take');
  await message(bo, 'a slur, that is').getByRole('button', { name: 'Edit' }).click();
  await expect(bo.locator('#composer-body')).toHaveValue('a slur, that is');
  await say(bo, 'nothing of the kind');
  await expect(message(cy, 'nothing of the kind')).toBeVisible();
  await expect(cy.getByText('a slur, that is')).toHaveCount(0);
});

// M07
test('the settings of moderation are accessible on a phone and on a desk', async ({ page: ana }) => {
  await signUp(ana, 'Ana Lima', 'ana.judges');
  await createCommunity(ana, 'Judges');
  await judgeBy(ana, 'judges');
  for (const width of [1440, 390]) {
    await ana.setViewportSize({ width, height: 844 });
    const { violations } = await new AxeBuilder({ page: ana }).analyze();
    expect(violations.map((it) => it.id)).toEqual([]);
    expect(await ana.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M07, U11
  test('holding, approving and taking back are forms', async ({ page: ana, visitor }) => {
    test.setTimeout(60_000);
    await signUp(ana, 'Ana Lima', 'ana.plainholds');
    await createCommunity(ana, 'Plainholds');
    await judgeBy(ana, 'plainholds');
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.plainholds');
    await joinCommunity(bo, 'Plainholds');
    await bo.goto('/c/plainholds/general');
    const send = async (text: string) => {
      await bo.locator('#composer-body').fill(text);
      await bo.getByRole('button', { name: 'Send' }).click();
    };
    await send('a slur');
    await expect(bo.locator('#composer-body')).toHaveValue('a slur');
    await expect(bo.getByText('a word that this community does not take')).toBeVisible();
    await send('spoilers ahead');
    await expect(held(bo)).toContainText('Waiting for approval');
    await send('the merger');
    await expect(held(bo)).toHaveCount(2);
    await held(bo).filter({ hasText: 'the merger' }).getByRole('button', { name: 'Take back' }).click();
    await expect(held(bo)).toHaveCount(1);
    await ana.goto('/c/plainholds/moderation');
    await expect(cards(ana)).toContainText('spoilers ahead');
    await cards(ana).getByRole('button', { name: /^Approve/ }).click();
    await expect(ana.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
    await bo.goto('/c/plainholds/general');
    await expect(message(bo, 'spoilers ahead')).toBeVisible();
    await expect(held(bo)).toHaveCount(0);
  });
});
