import { expect, test } from './server.js';
import { createCommunity, joinCommunity, open, signUp } from './people.js';

// R02
test('a role of one\'s own is made, given, and takes effect in the open page until it is deleted', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.heralds');
  await createCommunity(ana, 'Heralds');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.heralds');
  await joinCommunity(bo, 'Heralds');
  await open(bo, '/c/heralds/announcements');
  await expect(bo.locator('.composer-closed')).toContainText('Only moderators post');

  await ana.goto('/c/heralds/members', { waitUntil: 'networkidle' });
  await ana.getByRole('link', { name: 'Roles', exact: true }).click();
  await expect(ana.getByText('There is no role of your own yet.')).toBeVisible();
  const form = ana.locator('#new-role');
  await form.getByLabel('Name').fill('Town criers');
  await form.getByLabel('Teal').check();
  await form.getByLabel('post announcements').check();
  await form.getByRole('button', { name: 'Make role' }).click();
  await expect(ana.getByText('The role was made.')).toBeVisible();
  await expect(ana.locator('.roles')).toContainText('0 members · post announcements');
  await expect(form.getByLabel('Name')).toHaveValue('');

  await ana.goto('/c/heralds/members', { waitUntil: 'networkidle' });
  await ana.getByRole('link', { name: 'Manage Bo Okri' }).click();
  await ana.getByRole('button', { name: 'Give Town criers' }).click();
  await expect(ana.getByText('The role was given.')).toBeVisible();
  await expect(bo.locator('#composer-body')).toBeVisible();
  await ana.goto('/c/heralds/members', { waitUntil: 'networkidle' });
  await expect(ana.getByRole('listitem').filter({ hasText: 'Bo Okri' })).toContainText('Town criers');

  await ana.goto('/c/heralds/settings/roles', { waitUntil: 'networkidle' });
  await ana.getByText('Delete…').click();
  await ana.getByRole('button', { name: 'Delete role Town criers' }).click();
  await expect(ana.getByText('The role was deleted.')).toBeVisible();
  await expect(bo.locator('.composer-closed')).toContainText('Only moderators post');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // R02, U11
  test('roles are made, changed, ordered, given and taken by plain forms', async ({ page: ana, visitor, problems }) => {
    problems.allow(/status of 404 .*settings\/roles/);
    await signUp(ana, 'Ana Lima', 'ana.crews');
    await createCommunity(ana, 'Crews');
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.crews');
    await joinCommunity(bo, 'Crews');
    await ana.goto('/c/crews/settings/roles');
    const form = ana.locator('#new-role');
    for (const name of ['Pilots', 'Sailors']) {
      await form.getByLabel('Name').fill(name);
      await form.getByRole('button', { name: 'Make role' }).click();
      await expect(ana.getByText('The role was made.')).toBeVisible();
    }
    await form.getByLabel('Name').fill('PILOTS');
    await form.getByLabel('Blue').check();
    await form.getByRole('button', { name: 'Make role' }).click();
    await expect(form).toContainText('Is the name of another role');
    await expect(form.getByLabel('Name')).toHaveValue('PILOTS');
    await expect(form.getByLabel('Blue')).toBeChecked();
    const names = ana.locator('.roles .role-badge');
    await expect(names).toHaveText(['Pilots', 'Sailors']);
    await ana.getByRole('button', { name: 'Move up Sailors' }).click();
    await expect(names).toHaveText(['Sailors', 'Pilots']);
    await ana.getByRole('link', { name: 'Edit Pilots' }).click();
    await ana.getByLabel('invite people by links').check();
    await ana.getByRole('button', { name: 'Save role' }).click();
    await expect(ana.getByText('The role was saved.')).toBeVisible();
    await ana.goto('/c/crews/members');
    await ana.getByRole('link', { name: 'Manage Bo Okri' }).click();
    await ana.getByRole('button', { name: 'Give Pilots' }).click();
    await expect(ana.getByText('The role was given.')).toBeVisible();
    await bo.goto('/c/crews/members');
    await expect(bo.getByRole('link', { name: 'Invite people' })).toBeVisible();
    await ana.getByRole('button', { name: 'Take Pilots' }).click();
    await expect(ana.getByText('The role was taken.')).toBeVisible();
    await bo.goto('/c/crews/members');
    await expect(bo.getByRole('link', { name: 'Invite people' })).toHaveCount(0);
    await expect((await bo.goto('/c/crews/settings/roles'))?.status()).toBe(404);
  });
});
