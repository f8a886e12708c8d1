import { expect, test } from './server.js';
import { createCommunity, joinCommunity, message, open, say, signUp } from './people.js';

// M11, M13
test('the mark of an edit opens what the message said before, for its author and moderators', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.revised');
  await createCommunity(ana, 'Revised');
  const [bo, cy] = [await visitor(), await visitor()];
  for (const [page, name, handle] of [[bo, 'Bo Okri', 'bo.revised'], [cy, 'Cy Young', 'cy.revised']] as const) {
    await signUp(page, name, handle);
    await joinCommunity(page, 'Revised');
    await open(page, '/c/revised/general');
  }
  await open(ana, '/c/revised/general');
  await say(bo, 'meet at noon');
  await expect(message(bo, 'meet at noon')).not.toHaveAttribute('data-state', 'pending');
  await bo.locator('#composer-body').press('ArrowUp');
  await bo.getByLabel('Edit message').fill('meet at one');
  await bo.getByLabel('Why you change it, optional').fill('the room is taken');
  await bo.getByLabel('Why you change it, optional').press('Enter');
  const row = message(bo, 'meet at one');
  await row.getByRole('link', { name: '(edited)' }).click();
  const dialog = bo.getByRole('dialog', { name: 'Edit history' });
  await expect(dialog.locator('.edits > li')).toHaveCount(2);
  await expect(dialog.locator('.edits > li').first()).toContainText('Reason: the room is taken');
  await expect(dialog.locator('del')).toContainText('noon');
  await expect(dialog.locator('ins')).toContainText('one');
  await expect(dialog.locator('.edits > li').last()).toContainText('meet at noon');
  await bo.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(row).toBeFocused();

  // The community's owner sees it, another member only that there was an edit.
  await message(ana, 'meet at one').getByRole('link', { name: '(edited)' }).press('Enter');
  await expect(ana.getByRole('dialog', { name: 'Edit history' }).locator('del')).toContainText('noon');
  await expect(message(cy, 'meet at one')).toContainText('(edited)');
  await expect(message(cy, 'meet at one').getByRole('link', { name: '(edited)' })).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M11, U11
  test('the mark of an edit leads to a page of what the message said before', async ({ page: ana, visitor, problems }) => {
    // Whoever may not see it finds nothing there.
    problems.allow(/status of 404 .*history/);
    await signUp(ana, 'Ana Lima', 'ana.reread');
    await createCommunity(ana, 'Reread');
    await ana.goto('/c/reread/general');
    await ana.locator('#composer-body').fill('meet at noon');
    await ana.getByRole('button', { name: 'Send' }).click();
    await message(ana, 'meet at noon').hover();
    await message(ana, 'meet at noon').getByTitle('Edit', { exact: true }).click();
    await ana.locator('.message-edit textarea').fill('meet at one');
    await ana.getByLabel('Why you change it, optional').fill('the room is taken');
    await ana.locator('.message-edit button[type=submit]').click();
    await message(ana, 'meet at one').getByRole('link', { name: '(edited)' }).click();
    await expect(ana).toHaveURL(/\/c\/reread\/general\/messages\/[0-9a-f-]+\/history$/);
    await expect(ana.getByRole('heading', { name: 'Edit history' })).toBeVisible();
    await expect(ana.locator('del')).toContainText('noon');
    await expect(ana.locator('.edits')).toContainText('Reason: the room is taken');
    const there = ana.url();
    await ana.locator('.conversation-head .back').click();
    await expect(message(ana, 'meet at one')).toBeVisible();

    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.reread');
    await joinCommunity(bo, 'Reread');
    await bo.goto(there);
    await expect(bo.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    await expect(bo.locator('body')).not.toContainText('noon');
  });
});
