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

// C05, C10
test('who manages a channel says for how long it keeps its messages, and everybody can read it', async ({ page: ana, visitor, problems }) => {
  // A number of days that cannot be is refused.
  problems.allow(/status of 422 .*set_retention/);
  await signUp(ana, 'Ana Lima', 'ana.retains');
  await createCommunity(ana, 'Retains');
  await open(ana, '/c/retains/general');
  await ana.goto('/c/retains/general/about', { waitUntil: 'networkidle' });
  const days = ana.getByLabel('Remove messages after so many days');
  const section = ana.locator('#retention');
  await days.fill('soon');
  await section.getByRole('button', { name: 'Save' }).click();
  await expect(days).toHaveAttribute('aria-invalid', 'true');
  await expect(section).toContainText('Must be a whole number of days');
  await days.fill('30');
  await section.getByRole('button', { name: 'Save' }).click();
  await expect(section.getByRole('status')).toHaveText('Saved.');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.retains');
  await joinCommunity(bo, 'Retains');
  await bo.goto('/c/retains/general/about');
  await expect(bo.locator('#retention')).toContainText('Messages are removed after 30 days.');
  await expect(bo.locator('#activity')).toHaveText(/in the last 7 days\.$/);
  await expect(bo.getByLabel('Remove messages after so many days')).toHaveCount(0);
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

  // C05, U11
  test('how long a channel keeps its messages is set by a form', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.retainer');
    await createCommunity(page, 'Retainer');
    await page.goto('/c/retainer/general/about');
    const section = page.locator('#retention');
    await section.getByLabel('Remove messages after so many days').fill('9999');
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section).toContainText('Must be 1 to 3,650 days');
    await expect(section.getByLabel('Remove messages after so many days')).toHaveValue('9999');
    await section.getByLabel('Remove messages after so many days').fill('7');
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section.getByRole('status')).toHaveText('Saved.');
    await expect(section.getByLabel('Remove messages after so many days')).toHaveValue('7');
  });
});
