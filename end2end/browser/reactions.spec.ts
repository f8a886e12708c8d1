import { expect, test } from './server.js';
import { createCommunity, joinCommunity, message, open, say, signUp } from './people.js';

// M14, M15, U02
test('an emoji is put on a message, seen by the other at once, counted, and taken away', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana Lima', 'ana.reacts');
  await createCommunity(ana, 'Reacts');
  await open(ana, '/c/reacts/general');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.reacts');
  await joinCommunity(bo, 'Reacts');
  await open(bo, '/c/reacts/general');
  await say(ana, 'we have landed');
  const chip = (page: typeof ana, name: string) => message(page, 'we have landed').getByRole('button', { name, exact: true });

  await message(bo, 'we have landed').hover();
  await message(bo, 'we have landed').getByRole('link', { name: 'React', exact: true }).click();
  const dialog = bo.getByRole('dialog', { name: 'Reactions' });
  await dialog.getByLabel('Search emoji').fill('party pop');
  await dialog.getByRole('button', { name: 'party popper' }).click();
  await expect(dialog).toBeHidden();
  await expect(chip(ana, '🎉 1')).toHaveAttribute('aria-pressed', 'false');
  await expect(chip(bo, '🎉 1')).toHaveAttribute('aria-pressed', 'true');

  await chip(ana, '🎉 1').click();
  await expect(chip(bo, '🎉 2')).toBeVisible();
  await expect(chip(ana, '🎉 2')).toHaveAttribute('aria-pressed', 'true');
  await chip(ana, '🎉 2').hover();
  await expect(chip(ana, '🎉 2')).toHaveAttribute('title', 'Bo Okri and Ana Lima');

  // Enter takes what is found first; who reacted is told in the same place.
  await message(ana, 'we have landed').getByRole('link', { name: 'Reactions of this message' }).click();
  const of = ana.getByRole('dialog', { name: 'Reactions' });
  await expect(of).toContainText('Bo Okri and Ana Lima');
  await of.getByLabel('Search emoji').fill('no such emoji');
  await expect(of.getByRole('status')).toHaveText('No emoji has such a name.');
  await of.getByLabel('Search emoji').fill('thumbs up');
  await expect(of.getByRole('button', { name: 'thumbs up' })).toBeVisible();
  await of.getByLabel('Search emoji').press('Enter');
  await expect(chip(bo, '👍 1')).toBeVisible();

  // What a page shows when it comes is what the feed told.
  await bo.reload();
  await expect(chip(bo, '🎉 2')).toHaveAttribute('aria-pressed', 'true');
  await expect(chip(bo, '👍 1')).toHaveAttribute('aria-pressed', 'false');
  await open(bo, '/c/reacts/general');
  await chip(bo, '🎉 2').click();
  await chip(ana, '🎉 1').click();
  await expect(chip(bo, '👍 1')).toBeVisible();
  await expect(message(bo, 'we have landed').getByRole('button', { name: /🎉/ })).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M14, M15, U11
  test('reactions are plain forms', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.plainly');
    await createCommunity(page, 'Plainly');
    await page.goto('/c/plainly/general');
    await page.locator('#composer-body').fill('on paper');
    await page.getByRole('button', { name: 'Send' }).click();
    const row = message(page, 'on paper');
    await row.hover();
    await row.getByRole('link', { name: 'React', exact: true }).click();
    await row.getByRole('button', { name: 'React with 🎉' }).click();
    await expect(row.getByRole('button', { name: '🎉 1', exact: true })).toHaveAttribute('aria-pressed', 'true');
    await row.getByRole('link', { name: 'Reactions of this message' }).click();
    await expect(row.locator('.reactors')).toContainText('Ana Lima');
    await row.getByLabel(/Another emoji/).fill(':rocket:');
    await row.getByRole('button', { name: 'React', exact: true }).click();
    await expect(row.getByRole('button', { name: '🚀 1', exact: true })).toBeVisible();
    await row.getByRole('button', { name: '🎉 1', exact: true }).click();
    await expect(row.getByRole('button', { name: /🎉/ })).toHaveCount(0);
  });
});
