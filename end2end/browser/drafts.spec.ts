import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { PASSWORD, createCommunity, message, open, signUp } from './people.js';

const composer = (page: Page) => page.locator('#composer-body');
const inThread = (page: Page) => page.locator('#thread-composer-body');
const link = (page: Page, channel: string) => page.locator(`a.channel[href="${channel}"]`);

async function signIn(page: Page, handle: string): Promise<void> {
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  await page.getByLabel('Handle').fill(handle);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

// M31
test('what one has begun stands on every device, marks its channel and is gone when it is posted', async ({ page: desk, visitor }) => {
  test.setTimeout(90_000);
  await signUp(desk, 'Ana Lima', 'ana.drafts');
  await createCommunity(desk, 'Drafts');
  await open(desk, '/c/drafts/general');
  const phone = await visitor({ viewport: { width: 1200, height: 844 } });
  await signIn(phone, 'ana.drafts');
  await open(phone, '/c/drafts/general');

  await composer(desk).pressSequentially('begun at the desk');
  await expect(composer(phone)).toHaveValue('begun at the desk');
  await expect(link(phone, '/c/drafts/general')).toContainText('Draft');
  await expect(link(phone, '/c/drafts/announcements')).not.toContainText('Draft');
  await composer(phone).press('End');
  await composer(phone).pressSequentially(', ended on the phone');
  await expect(composer(desk)).toHaveValue('begun at the desk, ended on the phone');

  // It is on the page itself, and another channel's composer is another one.
  await desk.reload();
  await expect(composer(desk)).toHaveValue('begun at the desk, ended on the phone');
  await open(desk, '/c/drafts/announcements');
  await expect(composer(desk)).toHaveValue('');
  await expect(link(desk, '/c/drafts/general')).toContainText('Draft');

  await composer(phone).press('Enter');
  await expect(message(phone, 'ended on the phone')).toBeVisible();
  await expect(composer(phone)).toHaveValue('');
  await expect(link(desk, '/c/drafts/general')).not.toContainText('Draft');
  await open(desk, '/c/drafts/general');
  await expect(composer(desk)).toHaveValue('');
});

// M31
test('what is typed last is kept when the page is left at once, in the channel and in a thread', async ({ page }) => {
  test.setTimeout(60_000);
  await signUp(page, 'Bo Okri', 'bo.drafts');
  await createCommunity(page, 'Leaving');
  await open(page, '/c/leaving/general');
  await composer(page).fill('a beginning');
  await composer(page).press('Enter');
  await expect(message(page, 'a beginning')).toBeVisible();
  await composer(page).pressSequentially('half a sen');
  await open(page, '/c/leaving/announcements');
  await open(page, '/c/leaving/general');
  await expect(composer(page)).toHaveValue('half a sen');

  await message(page, 'a beginning').hover();
  await message(page, 'a beginning').getByRole('link', { name: 'Reply in thread' }).click();
  await expect(inThread(page)).toBeFocused();
  await inThread(page).pressSequentially('half a reply');
  await page.reload();
  await expect(inThread(page)).toHaveValue('half a reply');
  await expect(composer(page)).toHaveValue('half a sen');
  await composer(page).fill('');
  await inThread(page).fill('');
  await expect(link(page, '/c/leaving/general')).not.toContainText('Draft');
});

// M31
test('what the server never got is still there after the page was left, unless something newer was begun', async ({ page, visitor }) => {
  test.setTimeout(60_000);
  // What the page in front sends off now is lost on its way, until the page is read again.
  const lose = () =>
    page.evaluate(() => {
      const lost: unknown[] = [];
      Object.assign(window, { lost });
      Navigator.prototype.sendBeacon = (_, data) => lost.push(data) > 0;
    });
  const asked = () => page.waitForFunction(() => (window as unknown as { lost: unknown[] }).lost.length > 0);
  await signUp(page, 'Di Moore', 'di.drafts');
  await createCommunity(page, 'Lostline');
  await open(page, '/c/lostline/general');
  await lose();
  await composer(page).pressSequentially('never arrived');
  await asked();
  await page.reload();
  await expect(composer(page)).toHaveValue('never arrived');
  await expect(link(page, '/c/lostline/general')).toContainText('Draft');

  await lose();
  await composer(page).fill('never arrived either');
  await asked();
  await page.goto('about:blank');
  const phone = await visitor({ viewport: { width: 1200, height: 844 } });
  await signIn(phone, 'di.drafts');
  await open(phone, '/c/lostline/general');
  // The mark tells what the server keeps.
  await composer(phone).fill('');
  await expect(link(phone, '/c/lostline/general')).not.toContainText('Draft');
  await composer(phone).fill('newer');
  await expect(link(phone, '/c/lostline/general')).toContainText('Draft');
  await open(page, '/c/lostline/general');
  await expect(composer(page)).toHaveValue('newer');
});

// M31, U11
test('without JavaScript a draft stands in the form and is gone when it is sent', async ({ page, visitor, problems }) => {
  problems.allow(/preloaded using link preload but not used/);
  await signUp(page, 'Cy Young', 'cy.drafts');
  await createCommunity(page, 'Plaindrafts');
  await open(page, '/c/plaindrafts/general');
  await composer(page).pressSequentially('begun with it');
  await expect(link(page, '/c/plaindrafts/general')).toContainText('Draft');
  const plain = await visitor({ javaScriptEnabled: false });
  await signIn(plain, 'cy.drafts');
  await plain.goto('/c/plaindrafts/general');
  await expect(composer(plain)).toHaveValue('begun with it');
  await expect(link(plain, '/c/plaindrafts/general')).toContainText('Draft');
  await plain.getByRole('button', { name: 'Send' }).click();
  await expect(message(plain, 'begun with it')).toBeVisible();
  await expect(composer(plain)).toHaveValue('');
  await expect(composer(page)).toHaveValue('');
  await expect(message(page, 'begun with it')).toBeVisible();
});
