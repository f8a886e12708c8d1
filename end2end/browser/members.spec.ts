import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, live, open, signUp } from './people.js';

/** Opens the page on which a member is managed, from the list of members. */
async function manage(page: Page, community: string, name: string): Promise<void> {
  await page.goto(`/c/${community}/members`, { waitUntil: 'networkidle' });
  await page.getByRole('link', { name: `Manage ${name}` }).click();
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
}

// R02
test('a role that is given is told at once and takes effect in the open page', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.roles');
  await createCommunity(ana, 'Roles');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.roles');
  await joinCommunity(bo, 'Roles');
  await open(bo, '/c/roles/announcements');
  await expect(bo.locator('.composer-closed')).toContainText('Only moderators post');

  await manage(ana, 'roles', 'Bo Okri');
  await ana.getByLabel('Role', { exact: true }).selectOption('Moderator');
  await ana.getByRole('button', { name: 'Change role' }).click();
  await expect(ana.getByText('The role was changed.')).toBeVisible();
  await expect(ana.locator('.profile')).toContainText('Moderator');
  await expect(bo.locator('.toast')).toContainText('You are a moderator of Roles now.');
  await expect(bo.locator('#composer-body')).toBeVisible();

  await ana.getByLabel('Role', { exact: true }).selectOption('Guest');
  await ana.getByRole('button', { name: 'Change role' }).click();
  await expect(bo.locator('.composer-closed')).toContainText('Only moderators post');
  await expect(bo.getByRole('link', { name: 'Create a channel' })).toHaveCount(0);
  // A guest manages nobody.
  await bo.goto('/c/roles/members');
  await expect(bo.getByRole('listitem').filter({ hasText: 'Ana Lima' })).toContainText('Owner · joined');
  await expect(bo.getByRole('link', { name: /^Manage/ })).toHaveCount(0);
});

// R01, R02
test('a community is handed over after a question, on a phone', async ({ page: ana, visitor }) => {
  await ana.setViewportSize({ width: 390, height: 800 });
  await signUp(ana, 'Ana Lima', 'ana.hands');
  await createCommunity(ana, 'Hands');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.hands');
  await joinCommunity(bo, 'Hands');
  await manage(ana, 'hands', 'Bo Okri');
  await ana.getByText('Hand over…').click();
  await ana.getByRole('button', { name: 'Hand over to Bo Okri' }).click();
  await expect(ana.getByText('The community was handed over.')).toBeVisible();
  await expect(ana.locator('.profile')).toContainText('Owner');
  const wide = await ana.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide, 'nothing is wider than the phone').toBe(false);
  await bo.goto('/c/hands/general');
  await live(bo);
  await bo.goto('/c/hands/members', { waitUntil: 'networkidle' });
  await expect(bo.getByRole('link', { name: 'Manage Ana Lima' })).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // R02, U11
  test('roles are given by plain forms', async ({ page: ana, visitor }) => {
    await signUp(ana, 'Ana Lima', 'ana.paper');
    await createCommunity(ana, 'Paper');
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.paper');
    await joinCommunity(bo, 'Paper');
    await manage(ana, 'paper', 'Bo Okri');
    await ana.getByLabel('Role', { exact: true }).selectOption('Admin');
    await ana.getByRole('button', { name: 'Change role' }).click();
    await expect(ana.getByText('The role was changed.')).toBeVisible();
    await expect(ana.locator('.profile')).toContainText('Admin');
    // An admin manages neither the owner nor themselves.
    await bo.goto('/c/paper/members');
    await expect(bo.getByRole('listitem').filter({ hasText: 'Ana Lima' })).toBeVisible();
    await expect(bo.getByRole('link', { name: /^Manage/ })).toHaveCount(0);
  });
});
