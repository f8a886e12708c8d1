import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, message, open, say, signUp } from './people.js';

// M22, C09
test('a message is pinned, listed for everybody at once, jumped to and unpinned', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.pinboard');
  await createCommunity(ana, 'Pinboard');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.pinboard');
  await joinCommunity(bo, 'Pinboard');
  await open(ana, '/c/pinboard/general');
  await open(bo, '/c/pinboard/general?panel=pins');
  const panel = bo.getByRole('complementary', { name: 'Pinned messages' });
  await expect(panel.getByRole('heading', { name: 'Nothing is pinned' })).toBeVisible();
  await say(ana, 'the door code is 1234');
  await say(ana, 'lunch is at noon');
  const row = message(ana, 'door code');
  await expect(row).not.toHaveAttribute('data-state', 'pending');
  await row.hover();
  await row.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(row.locator('.mark-line')).toHaveText('Pinned');
  await expect(message(bo, 'door code').locator('.mark-line')).toHaveText('Pinned');
  await expect(panel.locator('.pin')).toHaveCount(1);
  await expect(panel.locator('.pin')).toContainText('Pinned by Ana Lima');

  // By keyboard, on the row that has the focus.
  const second = message(bo, 'lunch is at noon');
  await second.focus();
  await second.press('p');
  await expect(message(ana, 'lunch is at noon').locator('.mark-line')).toHaveText('Pinned');
  await expect(panel.locator('.pin')).toHaveCount(2);
  await expect(panel.locator('.pin').first()).toContainText('lunch is at noon');
  const { violations } = await new AxeBuilder({ page: bo }).analyze();
  expect(violations.map((it) => it.id)).toEqual([]);

  await panel.getByRole('button', { name: 'Unpin the message of Ana Lima' }).first().click();
  await expect(panel.locator('.pin')).toHaveCount(1);
  await expect(message(ana, 'lunch is at noon').locator('.mark-line')).toHaveCount(0);
  await panel.getByRole('link', { name: /^Jump/ }).click();
  await expect(bo).toHaveURL(/at=[0-9a-f-]+#m-/);
  await expect(message(bo, 'door code')).toHaveAttribute('data-target', '');

  // What is deleted is pinned no more.
  await bo.goto('/c/pinboard/general?panel=pins');
  await row.hover();
  await row.getByTitle('Delete').click();
  await ana.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(panel.getByRole('heading', { name: 'Nothing is pinned' })).toBeVisible();
});

// C09
test('only moderators pin in announcements', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana Lima', 'ana.proclaims');
  await createCommunity(ana, 'Proclaims');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.proclaims');
  await joinCommunity(bo, 'Proclaims');
  await open(ana, '/c/proclaims/announcements');
  await say(ana, 'we are closed today');
  await expect(message(ana, 'closed today')).not.toHaveAttribute('data-state', 'pending');
  await open(bo, '/c/proclaims/announcements');
  await message(bo, 'closed today').hover();
  await expect(message(bo, 'closed today').getByRole('button', { name: 'Pin', exact: true })).toHaveCount(0);
  await message(ana, 'closed today').hover();
  await message(ana, 'closed today').getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(message(bo, 'closed today').locator('.mark-line')).toHaveText('Pinned');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  // C09
  test('the pins are a page of their own', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.pocket');
    await createCommunity(page, 'Pocket');
    await open(page, '/c/pocket/general');
    await say(page, 'keep this');
    const row = message(page, 'keep this');
    await expect(row).not.toHaveAttribute('data-state', 'pending');
    await row.focus();
    await row.getByRole('button', { name: 'Pin', exact: true }).click();
    await page.getByRole('link', { name: 'Pinned messages' }).click();
    const panel = page.getByRole('complementary', { name: 'Pinned messages' });
    await expect(panel.locator('.pin')).toContainText('keep this');
    expect((await panel.boundingBox())?.width).toBe(390);
    await panel.getByRole('link', { name: 'Close pinned messages' }).click();
    await expect(panel).toHaveCount(0);
    await expect(row).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M22, C09, U11
  test('messages are pinned by forms, and the 51st pin says why not', async ({ page: ana, visitor }) => {
    // 51 messages and 51 pins, each with pages of its own.
    test.setTimeout(300_000);
    await signUp(ana, 'Ana Lima', 'ana.pinner');
    await createCommunity(ana, 'Pinner');
    // One writes and the other pins: neither is quicker than a person may be.
    const page = await visitor({ javaScriptEnabled: false });
    await signUp(page, 'Bo Okri', 'bo.pinner');
    await joinCommunity(page, 'Pinner');
    await ana.goto('/c/pinner/general');
    for (let n = 1; n <= 51; n++) {
      await ana.locator('#composer-body').fill(`line number ${n}.`);
      await ana.getByRole('button', { name: 'Send' }).click();
      await page.goto('/c/pinner/general');
      const row = message(page, `line number ${n}.`);
      await row.hover();
      await row.getByRole('button', { name: 'Pin', exact: true }).click();
      if (n <= 50) await expect(row.locator('.mark-line')).toHaveText('Pinned');
    }
    await expect(page.getByRole('alert')).toContainText('This channel has 50 pinned messages; that is the limit.');
    await page.getByRole('link', { name: 'Pinned messages' }).click();
    await expect(page.locator('.pin')).toHaveCount(50);
    await page.locator('.pin').first().getByRole('button', { name: /^Unpin/ }).click();
    await expect(page).toHaveURL(/panel=pins/);
    await expect(page.locator('.pin')).toHaveCount(49);
    await page.locator('.pin').first().getByRole('link', { name: /^Jump/ }).click();
    await expect(message(page, 'line number 49.')).toBeVisible();
  });
});
