import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, live, message, open, say, signUp } from './people.js';

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
  // A toast stands for five seconds: it is waited for from before.
  const told = expect(bo.locator('.toast')).toContainText('You are a moderator of Roles now.', { timeout: 15_000 });
  await ana.getByLabel('Role', { exact: true }).selectOption('Moderator');
  await ana.getByRole('button', { name: 'Change role' }).click();
  await expect(ana.getByText('The role was changed.')).toBeVisible();
  await expect(ana.locator('.profile')).toContainText('Moderator');
  await told;
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

// R04: as a new moderator does it, on a phone.
test('a flood of junk is stopped, cleaned up and its author banned from a phone', async ({ page: ana, visitor }) => {
  test.setTimeout(120_000);
  await signUp(ana, 'Ana Lima', 'ana.floods');
  await createCommunity(ana, 'Floods');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.floods');
  await joinCommunity(bo, 'Floods');
  await open(bo, '/c/floods/general');
  const cy = await visitor({ viewport: { width: 390, height: 800 } });
  await signUp(cy, 'Cy Young', 'cy.floods');
  await joinCommunity(cy, 'Floods');
  await manage(ana, 'floods', 'Cy Young');
  await ana.getByLabel('Role', { exact: true }).selectOption('Moderator');
  await ana.getByRole('button', { name: 'Change role' }).click();
  await expect(ana.getByText('The role was changed.')).toBeVisible();

  for (let n = 1; n <= 5; n++) await say(bo, `junk number ${n}`);
  await open(cy, '/c/floods/general');
  await message(cy, 'junk number 5').hover();
  await message(cy, 'junk number 5').getByRole('link', { name: 'Moderate Bo Okri…' }).click();
  await expect(cy.getByRole('heading', { name: 'Bo Okri' })).toBeVisible();
  await cy.getByText('Ban…').click();
  await cy.getByLabel(/^Reason/).fill('flooding #general');
  await cy.getByLabel('Delete their messages of').selectOption('the last hour');
  await cy.getByRole('button', { name: 'Ban Bo Okri' }).click();
  await expect(cy.getByText('5 messages were deleted.')).toBeVisible();
  await expect(cy.getByText(/Banned by Cy Young/)).toContainText('flooding #general');
  const wide = await cy.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide, 'nothing is wider than the phone').toBe(false);

  const told = bo.getByRole('dialog', { name: 'You were banned from Floods' });
  await expect(told).toContainText('flooding #general');
  await told.getByRole('link', { name: 'To your communities' }).click();
  await expect(bo).toHaveURL(/\/c$/);
  await expect(bo.locator('#create')).toBeVisible();
  await expect(bo.getByText('Floods')).toHaveCount(0);
  await ana.goto('/c/floods/general');
  await expect(message(ana, 'junk')).toHaveCount(0);

  await ana.goto('/c/floods/members', { waitUntil: 'networkidle' });
  await expect(ana.locator('#bans')).toContainText('flooding #general');
  await ana.getByRole('button', { name: 'Lift ban of Bo Okri' }).click();
  await expect(ana.locator('#bans')).toContainText('Nobody is banned.');
  await joinCommunity(bo, 'Floods');
});

// R02
test('a time-out is told in the composer and ends', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.quiet');
  await createCommunity(ana, 'Quiet');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.quiet');
  await joinCommunity(bo, 'Quiet');
  await open(bo, '/c/quiet/general');
  await manage(ana, 'quiet', 'Bo Okri');
  await ana.getByLabel('For', { exact: true }).selectOption('1 hour');
  await ana.getByRole('button', { name: 'Give time-out' }).click();
  await expect(ana.getByText(/They only read until/)).toBeVisible();
  await expect(bo.locator('.composer-closed')).toContainText(/You can write again at .*\d\d:\d\d/);
  await ana.getByRole('button', { name: 'End time-out' }).click();
  await expect(bo.locator('#composer-body')).toBeVisible();
});

// R04
test('who is removed is told so over the open page, and may come back', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana Lima', 'ana.gate');
  await createCommunity(ana, 'Gate');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.gate');
  await joinCommunity(bo, 'Gate');
  await open(bo, '/c/gate/general');
  await manage(ana, 'gate', 'Bo Okri');
  await ana.getByText('Remove…').click();
  await ana.getByRole('button', { name: 'Remove Bo Okri' }).click();
  await expect(ana.getByText('They were removed.')).toBeVisible();
  await expect(bo.getByRole('dialog', { name: 'You were removed from Gate' })).toBeVisible();
  await joinCommunity(bo, 'Gate');
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
