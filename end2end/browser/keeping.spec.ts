import { expect, test } from './server.js';
import { createCommunity, joinCommunity, message, open, say, signUp } from './people.js';

// M26
test('a message is sent for an hour, and everybody sees how long it stays', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana Lima', 'ana.brief');
  await createCommunity(ana, 'Brief');
  await open(ana, '/c/brief/general');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.brief');
  await joinCommunity(bo, 'Brief');
  await open(bo, '/c/brief/general');
  await ana.getByLabel('How long the message stays').selectOption('1 hour');
  await say(ana, 'the door code');
  for (const page of [ana, bo]) {
    await expect(message(page, 'the door code').locator('.vanishing')).toHaveText('Disappears in 1 hour');
  }
  await expect(ana.getByLabel('How long the message stays')).toHaveValue('');
  await say(ana, 'for good');
  await expect(message(bo, 'for good')).toBeVisible();
  await expect(message(bo, 'for good').locator('.vanishing')).toHaveCount(0);
  await bo.reload();
  await expect(message(bo, 'the door code').locator('.vanishing')).toContainText(/^Disappears in (1 hour|5\d min)$/);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M26, U11
  test('how long a message stays is chosen in the form, and the page says until when', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.briefly');
    await createCommunity(page, 'Briefly');
    await page.goto('/c/briefly/general');
    await page.locator('#composer-body').fill('the door code');
    await page.getByLabel('How long the message stays').selectOption('7 days');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(message(page, 'the door code').locator('.vanishing')).toContainText(/Disappears on .* UTC/);
    await page.locator('#composer-body').fill('for good');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(message(page, 'for good').locator('.vanishing')).toHaveCount(0);
  });
});
