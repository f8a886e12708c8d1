import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, message, open, say, signUp } from './people.js';

const badge = (page: Page) => page.locator('.channels .channel', { hasText: 'Moderation' }).locator('.count');
const cards = (page: Page) => page.locator('.flagged > li');

// M20
test('a flag reaches the moderators live, with its reason, and is judged', async ({ page: ana, visitor }) => {
  test.setTimeout(90_000);
  await signUp(ana, 'Ana Lima', 'ana.watch');
  await createCommunity(ana, 'Watch');
  const [bo, cy] = [await visitor(), await visitor()];
  for (const [page, name, handle] of [[bo, 'Bo Okri', 'bo.watch'], [cy, 'Cy Young', 'cy.watch']] as const) {
    await signUp(page, name, handle);
    await joinCommunity(page, 'Watch');
    await open(page, '/c/watch/general');
  }
  await open(ana, '/c/watch/general');
  await say(bo, 'buy my pills');
  await say(bo, 'sorry about that');
  await expect(message(cy, 'sorry about that')).toBeVisible();
  // Nobody flags themselves.
  await message(bo, 'buy my pills').hover();
  await expect(message(bo, 'buy my pills').getByRole('link', { name: 'Flag', exact: true })).toHaveCount(0);

  await message(cy, 'buy my pills').hover();
  await message(cy, 'buy my pills').getByRole('link', { name: 'Flag', exact: true }).click();
  const question = cy.getByRole('dialog', { name: 'Flag this message' });
  await expect(question).toContainText('Nobody else will');
  await question.getByLabel('Why should the moderators look at this?').fill('an advertisement');
  await question.getByRole('button', { name: 'Flag' }).click();
  await expect(question).toBeHidden();
  await expect(cy.locator('.toast')).toContainText('The moderators will look at it');

  await expect(badge(ana)).toContainText('1');
  await expect(message(ana, 'buy my pills').locator('[data-kind=flagged]')).toBeVisible();
  await expect(ana.locator('.rail-inbox .count')).toContainText('1');
  for (const page of [bo, cy]) {
    await expect(message(page, 'buy my pills')).toBeVisible();
    await expect(page.locator('[data-kind=flagged]')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Moderation' })).toHaveCount(0);
  }

  await ana.getByRole('link', { name: /^Moderation/ }).click();
  await expect(ana).toHaveURL(/\/c\/watch\/moderation$/);
  await expect(cards(ana)).toHaveCount(1);
  await expect(cards(ana)).toContainText('buy my pills');
  await expect(cards(ana).locator('.flags')).toContainText('an advertisement');
  await expect(cards(ana).locator('.flags')).toContainText('Cy Young');
  // By keyboard, while the queue is open.
  await message(cy, 'sorry about that').focus();
  await message(cy, 'sorry about that').press('f');
  await question.getByLabel('Why should the moderators look at this?').fill('this one too');
  await question.getByRole('button', { name: 'Flag' }).click();
  await expect(cards(ana)).toHaveCount(2);
  await expect(badge(ana)).toContainText('2');
  for (const width of [1440, 390]) {
    await ana.setViewportSize({ width, height: 844 });
    const { violations } = await new AxeBuilder({ page: ana }).analyze();
    expect(violations.map((it) => it.id)).toEqual([]);
    expect(await ana.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await cards(ana).filter({ hasText: 'sorry about that' }).getByRole('button', { name: /^Keep/ }).click();
  await expect(cards(ana)).toHaveCount(1);
  await cards(ana).getByRole('button', { name: /^Delete/ }).click();
  await expect(ana.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  await expect(message(bo, 'sorry about that')).toBeVisible();
  await expect(message(bo, 'buy my pills')).toHaveCount(0);
  await ana.setViewportSize({ width: 1440, height: 900 });
  await expect(badge(ana)).toHaveCount(0);
  await expect(ana.locator('.rail-inbox .count')).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M20, U11
  test('flagging and judging are forms, on a phone too', async ({ page: ana, visitor, problems }) => {
    test.setTimeout(60_000);
    // For whoever does not judge the queue is not there.
    problems.allow(/status of 404 .*moderation/);
    await signUp(ana, 'Ana Lima', 'ana.plainwatch');
    await createCommunity(ana, 'Plainwatch');
    await ana.goto('/c/plainwatch/general');
    await ana.locator('#composer-body').fill('keep me');
    await ana.getByRole('button', { name: 'Send' }).click();
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.plainwatch');
    await joinCommunity(bo, 'Plainwatch');
    await bo.goto('/c/plainwatch/general');
    await message(bo, 'keep me').focus();
    await message(bo, 'keep me').getByRole('link', { name: 'Flag', exact: true }).click();
    const form = bo.locator('.flag-form[data-plain]');
    // What is blank to the server is not to the browser.
    await form.getByLabel('Why should the moderators look at this?').fill('\u00a0');
    await form.getByRole('button', { name: 'Flag' }).click();
    await expect(form).toContainText('The reason must not be empty');
    await form.getByLabel('Why should the moderators look at this?').fill('it is odd');
    await form.getByRole('button', { name: 'Flag' }).click();
    await expect(bo).toHaveURL(/done=flagged/);
    await expect(bo.locator('.notice[data-kind=good]')).toContainText('The moderators will look at it');
    await bo.goto('/c/plainwatch/moderation');
    await expect(bo.getByRole('heading', { name: 'Nothing here' })).toBeVisible();

    await ana.goto('/c/plainwatch');
    await expect(badge(ana)).toContainText('1');
    await ana.getByRole('link', { name: /^Moderation/ }).click();
    await expect(cards(ana)).toContainText('it is odd');
    await expect(cards(ana)).toContainText('Bo Okri');
    expect(await ana.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await cards(ana).getByRole('button', { name: /^Keep/ }).click();
    await expect(ana).toHaveURL(/\/moderation/);
    await expect(ana.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
    await bo.goto('/c/plainwatch/general');
    await expect(message(bo, 'keep me')).toBeVisible();
  });
});
