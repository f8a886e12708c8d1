import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { PASSWORD, signUp } from './people.js';

/** Makes a community that nobody finds. */
async function createClosed(page: Page, name: string): Promise<void> {
  await page.goto('/c', { waitUntil: 'networkidle' });
  const form = page.locator('#create');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByRole('radio', { name: /Nobody by themselves/ }).check();
  await form.getByRole('button', { name: 'Create community' }).click();
  await expect(page).toHaveURL(new RegExp(`/c/${name.toLowerCase()}`));
}

/** Makes a link and answers its path. */
async function invite(page: Page, community: string, uses: string): Promise<string> {
  await page.goto(`/c/${community}/members`, { waitUntil: 'networkidle' });
  await page.getByRole('link', { name: 'Invite people' }).click();
  await page.getByLabel('Brings in').selectOption(uses);
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = page.locator('#invited').getByRole('link');
  await expect(link).toHaveAttribute('href', /^\/join\/[0-9a-f]{64}$/);
  return (await link.getAttribute('href'))!;
}

// R03
test('a visitor signs up by a link and lands in a closed community', async ({ page: ana, visitor, problems }) => {
  problems.allow(/404/);
  test.setTimeout(90_000);
  await signUp(ana, 'Ana Lima', 'ana.invites');
  await createClosed(ana, 'Closed');
  const path = await invite(ana, 'closed', '1 person');
  await expect(ana.locator('.invite-row')).toContainText('0 of 1 joined');

  const bo = await visitor({ viewport: { width: 390, height: 800 } });
  await bo.goto(path, { waitUntil: 'networkidle' });
  await expect(bo.getByRole('heading', { name: 'Join Closed' })).toBeVisible();
  await expect(bo.getByText('Ana Lima invites you.')).toBeVisible();
  await bo.getByRole('link', { name: 'Create an account and join' }).click();
  await expect(bo.getByText('With an account you join Closed at once.')).toBeVisible();
  await bo.getByLabel('Name', { exact: true }).fill('Bo Okri');
  await bo.getByLabel('Handle').fill('bo.invites');
  await bo.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await bo.getByRole('button', { name: 'Create account' }).click();
  await expect(bo).toHaveURL(/\/c\/closed$/);

  // It was for one: the next finds what anybody finds at a link that never was.
  const cy = await visitor();
  await cy.goto(path);
  await expect(cy.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
  await cy.goto(`/join/${'0'.repeat(64)}`);
  await expect(cy.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
});

// R03
test('somebody with an account signs in by a link, and a link is revoked', async ({ page: ana, visitor, problems }) => {
  problems.allow(/404/);
  test.setTimeout(90_000);
  await signUp(ana, 'Ana Lima', 'ana.circle');
  await createClosed(ana, 'Circle');
  const path = await invite(ana, 'circle', 'Any number');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.circle');
  await bo.goto(path, { waitUntil: 'networkidle' });
  await bo.getByRole('button', { name: 'Join Circle' }).click();
  await expect(bo).toHaveURL(/\/c\/circle$/);
  await bo.goto(path);
  await expect(bo.getByText('You are a member already.')).toBeVisible();

  const cy = await visitor();
  await signUp(cy, 'Cy Young', 'cy.circle');
  await cy.context().clearCookies();
  await cy.goto(path, { waitUntil: 'networkidle' });
  await cy.getByRole('link', { name: 'Sign in and join' }).click();
  await expect(cy.getByText('Sign in to join Circle.')).toBeVisible();
  await cy.getByLabel('Handle').fill('cy.circle');
  await cy.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await cy.getByRole('button', { name: 'Sign in' }).click();
  await expect(cy).toHaveURL(/\/c\/circle$/);

  await ana.goto('/c/circle/members/invites', { waitUntil: 'networkidle' });
  await expect(ana.locator('.invite-row')).toContainText('2 people joined');
  await ana.getByRole('button', { name: /^Revoke/ }).click();
  await expect(ana.getByText('There is no link yet.')).toBeVisible();
  const di = await visitor();
  await di.goto(path);
  await expect(di.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // R03, U11
  test('a link is made and taken up by plain forms', async ({ page: ana, visitor }) => {
    test.setTimeout(60_000);
    await signUp(ana, 'Ana Lima', 'ana.letter');
    await createClosed(ana, 'Letter');
    const path = await invite(ana, 'letter', '5 people');
    await ana.reload();
    await expect(ana.locator('#invited')).toHaveCount(0);
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.letter');
    await bo.goto(path);
    await bo.getByRole('button', { name: 'Join Letter' }).click();
    await expect(bo).toHaveURL(/\/c\/letter$/);
    await ana.goto('/c/letter/members/invites');
    await expect(ana.locator('.invite-row')).toContainText('1 of 5 joined');
  });
});
