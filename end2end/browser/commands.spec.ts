import { expect, test } from './server.js';
import { createChannel, createCommunity, joinCommunity, message, messages, open, say, signUp } from './people.js';

// M08, A05
test('commands say, set, invite and explain, and nobody else sees them', async ({ page: ana, visitor, problems }) => {
  test.setTimeout(60_000);
  // A command that is none is refused.
  problems.allow(/status of 422 .*post_message/);
  await signUp(ana, 'Ana Lima', 'ana.orders');
  await createCommunity(ana, 'Orders');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.orders');
  await joinCommunity(bo, 'Orders');
  await createChannel(ana, 'orders', 'plans');
  await open(ana, '/c/orders/plans');
  await open(bo, '/c/orders/plans');

  await say(ana, '/me waves');
  await expect(message(bo, 'Ana Lima waves').locator('em')).toHaveText('Ana Lima waves');
  await say(ana, '/topic the launch');
  await expect(ana.locator('.toast')).toContainText('The topic is set.');
  await expect(bo.locator('.conversation-title .topic')).toHaveText('the launch');
  await say(ana, '/invite @bo.orders');
  await expect(bo.locator('#composer-body')).toBeVisible();
  await say(ana, '/invite @nobody.here');
  await expect(ana.locator('.toast[data-kind=bad]')).toContainText('/invite was refused.');
  await say(ana, '/remind in 2h the tea');
  await expect(ana.locator('.toast').filter({ hasText: 'You will be reminded.' })).toBeVisible();
  await say(ana, '/nonsense');
  await expect(message(ana, '/nonsense')).toHaveAttribute('data-state', 'failed');
  await expect(message(ana, '/nonsense')).toContainText('write //nonsense to post it as it is');
  await message(ana, '/nonsense').getByRole('button', { name: 'Discard' }).click();
  await say(ana, '//nonsense');
  await expect(message(bo, '/nonsense')).toBeVisible();
  for (const page of [ana, bo]) await expect(messages(page)).toHaveText(['Ana Lima waves', '/nonsense']);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // A05, U11
  test('a command is written in the form and answered in the inbox', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.written');
    await createCommunity(page, 'Written');
    await page.goto('/c/written/general');
    const send = async (text: string) => {
      await page.locator('#composer-body').fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    };
    await send('/help');
    await expect(page.locator('#composer-note')).toContainText('what came of it is in your inbox');
    await expect(messages(page)).toHaveCount(0);
    await expect(async () => {
      await page.goto('/inbox');
      await expect(page.locator('.inbox > li')).toContainText('/remind in 10m|2h|3 days', { timeout: 500 });
    }).toPass();
    await page.goto('/c/written/general');
    await send('/nonsense');
    await expect(page.locator('#composer-note')).toContainText('write //nonsense to post it as it is');
    await expect(page.locator('#composer-body')).toHaveValue('/nonsense');
  });
});
