import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, live, message, open, say, signUp } from './people.js';

const rail = (page: Page) => page.locator('.rail-inbox');
const count = (page: Page) => page.locator('.rail-inbox .count');
const entries = (page: Page) => page.locator('.inbox > li');

// M06, C13
test('a mention appears live in the inbox of whom it names, and nowhere else', async ({ page: ana, visitor }) => {
  test.setTimeout(90_000);
  await signUp(ana, 'Ana Lima', 'ana.inbox');
  await createCommunity(ana, 'Signals');
  await open(ana, '/c/signals/general');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.inbox');
  await joinCommunity(bo, 'Signals');
  // Bo reads elsewhere: the count follows all the same.
  await open(bo, '/c/signals/announcements');
  await expect(count(bo)).toHaveCount(0);

  await say(ana, 'good morning @bo.inbox, and `@bo.inbox` in code');
  await expect(message(ana, 'good morning').locator('.mention')).toHaveText('@bo.inbox');
  await expect(count(bo)).toContainText('1');
  await say(ana, 'again: @bo.inbox');
  await expect(count(bo)).toContainText('2');
  await expect(count(ana)).toHaveCount(0);

  await rail(bo).click();
  await expect(bo).toHaveURL(/\/inbox$/);
  await expect(entries(bo)).toHaveCount(2);
  await expect(entries(bo).first()).toContainText('again: @bo.inbox');
  // An open inbox takes what comes.
  await say(ana, 'third time <b>@bo.inbox</b>');
  await expect(entries(bo)).toHaveCount(3);
  await expect(entries(bo).first()).toContainText('third time <b>@bo.inbox</b>');
  await expect(count(bo)).toContainText('3');

  await entries(bo).first().getByRole('link').click();
  await expect(bo).toHaveURL(/\/c\/signals\/general\?at=/);
  await expect(message(bo, 'third time')).toBeVisible();
  await expect(count(bo)).toContainText('2');

  // Another tab of the same person agrees.
  const tab = await bo.context().newPage();
  await tab.goto('/inbox');
  await expect(entries(tab)).toHaveCount(3);
  await entries(tab).nth(1).getByRole('button', { name: /^Mark read/ }).click();
  await expect(count(tab)).toContainText('1');
  await live(bo);
  await expect(count(bo)).toContainText('1');
  await tab.getByRole('button', { name: 'Mark all read' }).click();
  await expect(count(tab)).toHaveCount(0);
  await expect(count(bo)).toHaveCount(0);
  await expect(tab.locator('.inbox > li[data-unread]')).toHaveCount(0);
  await tab.close();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M06, U11
  test('the inbox is read and cleared by links and forms', async ({ page: ana, visitor }) => {
    test.setTimeout(60_000);
    await signUp(ana, 'Ana Lima', 'ana.noscript');
    await createCommunity(ana, 'Letters');
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.noscript');
    await joinCommunity(bo, 'Letters');
    await bo.goto('/inbox');
    await expect(bo.getByRole('heading', { name: 'Nobody has called you yet' })).toBeVisible();

    for (const text of ['one for @bo.noscript', 'two for @bo.noscript', 'three for @bo.noscript']) {
      await ana.goto('/c/letters/general');
      await ana.locator('#composer-body').fill(text);
      await ana.getByRole('button', { name: 'Send' }).click();
    }
    // The lane follows in its own time: a page without JavaScript shows what there is when it is asked for.
    await expect(async () => {
      await bo.goto('/inbox');
      await expect(entries(bo)).toHaveCount(3, { timeout: 500 });
    }).toPass();
    await expect(count(bo)).toContainText('3');
    await entries(bo).nth(2).getByRole('button', { name: /^Mark read/ }).click();
    await expect(bo).toHaveURL(/\/inbox/);
    await expect(count(bo)).toContainText('2');
    await entries(bo).first().getByRole('link').click();
    await expect(message(bo, 'three for')).toBeVisible();
    await expect(count(bo)).toContainText('1');
    await bo.goto('/inbox');
    await bo.getByRole('button', { name: 'Mark all read' }).click();
    await expect(count(bo)).toHaveCount(0);
    await expect(bo.locator('#unread')).toHaveText('Everything is read.');
  });
});

// A03
test('a community owner adds a webhook and sees that a test did not arrive, and why', async ({ page, problems }) => {
  test.setTimeout(60_000);
  // A closed address is refused.
  problems.allow(/status of 422 .*create_webhook/);
  await signUp(page, 'Ana Lima', 'ana.hooks');
  await createCommunity(page, 'Hooks');
  await page.goto('/c/hooks');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  const address = page.locator('#webhook-url');
  await address.fill('http://127.0.0.1:9/hook');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await expect(page.locator('#new-webhook')).toContainText('a private or reserved address (127.0.0.1), and those are sent to only where THUNDERLINE_WEBHOOKS_PRIVATE is on');
  await expect(address).toHaveValue('http://127.0.0.1:9/hook');
  const card = page.locator('.webhook');
  await expect(card).toHaveCount(0);
  // A name that stands for nothing (RFC 2606).
  await address.fill('http://nowhere.invalid/hook');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await expect(card).toHaveCount(1);
  await expect(card).toContainText('Nothing has been sent yet');
  await card.getByRole('button', { name: /^Send a test/ }).click();
  await expect(async () => {
    await page.reload();
    await expect(card).toContainText('did not arrive: it cannot be reached', { timeout: 500 });
  }).toPass();
  // It asks first, and who does not mean it keeps it.
  await page.reload({ waitUntil: 'networkidle' });
  const question = page.getByRole('dialog', { name: 'Delete this webhook?' });
  await card.locator('summary').filter({ hasText: 'Delete…' }).click();
  await expect(question).toContainText('http://nowhere.invalid/hook');
  await question.getByRole('button', { name: 'Keep it' }).click();
  await expect(question).toBeHidden();
  await expect(card).toHaveCount(1);
  await card.locator('summary').filter({ hasText: 'Delete…' }).click();
  await question.getByRole('button', { name: 'Delete it' }).click();
  await expect(card).toHaveCount(0);
});

test.describe('a webhook without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // A03, U11
  test('is deleted only after a question', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.plainhooks');
    await createCommunity(page, 'Plainhooks');
    await page.goto('/c/plainhooks/webhooks');
    await page.locator('#webhook-url').fill('http://nowhere.invalid/hook');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    const card = page.locator('.webhook');
    await expect(card).toHaveCount(1);
    const remove = card.getByRole('button', { name: 'Delete it' });
    await expect(remove).toBeHidden();
    await card.locator('summary').filter({ hasText: 'Delete…' }).click();
    await expect(card).toContainText('Delete this webhook?');
    await remove.click();
    await expect(card).toHaveCount(0);
  });
});
