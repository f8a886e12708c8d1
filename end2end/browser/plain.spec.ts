import { expect, test } from './server.js';
import { createChannel, createCommunity, joinCommunity, message, messages, signUp } from './people.js';

test.use({ javaScriptEnabled: false });

// The client is preloaded for those who have JavaScript; a browser without it says so.
test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

// U11, M01, M11, M21, C01, R01
test('everything is done by reloading where there is no JavaScript', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.plain');
  await createCommunity(ana, 'Quay');
  await createChannel(ana, 'quay', 'plans');
  await ana.goto('/c/quay/general');
  await ana.locator('#composer-body').fill('plain *words*');
  await ana.getByRole('button', { name: 'Send' }).click();
  await expect(message(ana, 'plain words').locator('em')).toHaveText('words');

  const bo = await visitor({ javaScriptEnabled: false });
  await signUp(bo, 'Bo Okri', 'bo.plain');
  await joinCommunity(bo, 'Quay');
  await bo.goto('/c/quay/plans');
  await bo.getByRole('button', { name: /^Join/ }).click();
  await bo.locator('#composer-body').fill('here too');
  await bo.getByRole('button', { name: 'Send' }).click();
  await ana.goto('/c/quay/plans');
  await expect(message(ana, 'here too')).toBeVisible();

  await bo.goto('/c/quay/plans');
  await message(bo, 'here too').hover();
  await message(bo, 'here too').getByTitle('Edit').click();
  await bo.locator('.message-edit textarea').fill('here *as well*');
  await bo.locator('.message-edit button[type=submit]').click();
  await expect(message(bo, 'here as well')).toContainText('edited');
  await message(bo, 'here as well').hover();
  // It is asked first, and one may think better of it.
  for (const answer of ['Keep it', 'Delete']) {
    await message(bo, 'here as well').hover();
    await message(bo, 'here as well').getByTitle('Delete').click();
    const question = message(bo, 'here as well').locator('form').filter({ hasText: 'Delete this message?' });
    await question.getByText(answer, { exact: true }).click();
    await expect(bo).toHaveURL(/\?at=/);
    await expect(message(bo, 'here as well')).toHaveCount(answer === 'Delete' ? 0 : 1);
  }
  await ana.goto('/c/quay/plans');
  await expect(ana.locator('li.message[data-state=deleted]')).toHaveCount(1);

  await bo.goto('/c/quay/plans/about');
  await bo.getByRole('button', { name: 'Leave channel' }).click();
  await bo.goto('/c/quay/plans');
  await expect(bo.locator('#composer-body')).toHaveCount(0);
});

// M03, M11, U11
test('an edit that is refused says why, and what somebody else made of the message meanwhile', async ({ page: ana }) => {
  await signUp(ana, 'Ana Lima', 'ana.twice');
  await createCommunity(ana, 'Twice');
  await ana.goto('/c/twice/general');
  await ana.locator('#composer-body').fill('first words');
  await ana.getByRole('button', { name: 'Send' }).click();
  const edit = async (page: typeof ana) => {
    await page.goto('/c/twice/general');
    await message(page, 'first words').hover();
    await message(page, 'first words').getByTitle('Edit').click();
  };
  await edit(ana);
  const tab = await ana.context().newPage();
  await edit(tab);
  await tab.locator('.message-edit textarea').fill('from the other tab');
  await tab.locator('.message-edit button[type=submit]').click();
  await expect(message(tab, 'from the other tab')).toBeVisible();

  await ana.locator('.message-edit textarea').fill('from this tab');
  await ana.locator('.message-edit button[type=submit]').click();
  await expect(ana.locator('.message-edit .field-error')).toContainText('Save again to replace it.');
  await expect(ana.locator('.edit-now')).toHaveText('from the other tab');
  await expect(ana.locator('.message-edit textarea')).toHaveValue('from this tab');
  await ana.locator('.message-edit textarea').fill('x'.repeat(4_001));
  await ana.locator('.message-edit button[type=submit]').click();
  await expect(ana.locator('.message-edit .field-error')).toContainText('at most 4000');
});

// M03, C07, U11
test('what is sent into a channel that was left meanwhile is shown again', async ({ page: ana }) => {
  await signUp(ana, 'Ana Lima', 'ana.left');
  await createCommunity(ana, 'Left');
  await createChannel(ana, 'left', 'plans');
  await ana.goto('/c/left/plans');
  await ana.locator('#composer-body').fill('words worth keeping');
  const tab = await ana.context().newPage();
  await tab.goto('/c/left/plans/about');
  await tab.getByRole('button', { name: 'Leave channel' }).click();
  await expect(tab).toHaveURL(/\/c\/left/);
  await ana.getByRole('button', { name: 'Send' }).click();
  await expect(ana.getByRole('alert')).toContainText('Not kept');
  await expect(ana.getByLabel('What you wrote')).toHaveValue('words worth keeping');
});

// M03, U11
test('a refused form keeps every word and names the field', async ({ page }) => {
  await page.goto('/sign-up');
  await page.getByLabel('Name', { exact: true }).fill('Cy Young');
  await page.getByLabel('Handle').fill('not a handle!');
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Cy Young');
  await expect(page.getByLabel('Handle')).toHaveValue('not a handle!');
  await expect(page.getByLabel('Handle')).toHaveAttribute('aria-invalid', 'true');
});

// M25
test('history is paged by links', async ({ page }) => {
  test.setTimeout(90_000);
  await signUp(page, 'Ana', 'ana.links');
  await createCommunity(page, 'Links');
  await page.goto('/c/links/general');
  for (let n = 1; n <= 55; n++) {
    await page.locator('#composer-body').fill(`line ${n}`);
    await page.getByRole('button', { name: 'Send' }).click();
  }
  await page.goto('/c/links/general');
  await expect(messages(page)).toHaveCount(50);
  await page.locator('a[rel=prev]').click();
  await expect(messages(page)).toHaveText(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
});
