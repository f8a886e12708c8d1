import { expect, test } from './server.js';
import { createChannel, createCommunity, joinCommunity, open, signUp } from './people.js';

// U01
test('a few letters lead to any place, and keys from channel to channel', async ({ page: ana }) => {
  await signUp(ana, 'Ana', 'ana.keys');
  await createCommunity(ana, 'Keys');
  await createChannel(ana, 'keys', 'game-night', false);
  await open(ana, '/c/keys/general');
  await ana.locator('#composer-body').focus();
  await ana.keyboard.press('Control+k');
  const palette = ana.getByRole('dialog', { name: 'Go to' });
  await expect(palette).toBeVisible();
  await ana.keyboard.type('gnight');
  await expect(palette.getByRole('option')).toHaveCount(1);
  await ana.keyboard.press('Enter');
  await expect(ana).toHaveURL(/\/c\/keys\/game-night$/);
  await expect(palette).toBeHidden();
  await ana.getByRole('button', { name: 'Go to…' }).click();
  await expect(palette.getByRole('option').first()).toContainText('general');
  await ana.keyboard.type('zzzz');
  await expect(palette.getByText('Nothing here has such a name.')).toBeVisible();
  await ana.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await ana.keyboard.press('Alt+ArrowUp');
  await expect(ana).not.toHaveURL(/game-night$/);
  await ana.keyboard.press('Alt+ArrowDown');
  await expect(ana).toHaveURL(/game-night$/);
  await ana.locator('main').first().focus();
  await ana.keyboard.press('?');
  await expect(ana.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await ana.keyboard.press('Escape');
  await ana.locator('#composer-body').pressSequentially('why?');
  await expect(ana.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden();
});

// M06
test('names, emoji and commands are completed while one writes', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana', 'ana.whole');
  await createCommunity(ana, 'Whole');
  const bo = await visitor();
  await signUp(bo, 'Bo Castell', 'bo.whole');
  await joinCommunity(bo, 'Whole');
  await open(ana, '/c/whole/general');
  const field = ana.locator('#composer-body');
  const offers = ana.getByRole('listbox', { name: 'Suggestions' });
  await field.pressSequentially('hello @cas');
  await expect(offers.getByRole('option')).toHaveText(['@bo.wholeBo Castell']);
  await ana.keyboard.press('Enter');
  await expect(field).toHaveValue('hello @bo.whole ');
  await expect(offers).toBeHidden();
  await field.pressSequentially(':tad');
  await expect(offers.getByRole('option').first()).toContainText('party popper');
  await offers.getByRole('option').first().click();
  await expect(field).toHaveValue('hello @bo.whole 🎉 ');
  await ana.keyboard.press('Enter');
  await expect(ana.locator('.message-body .mention')).toHaveText('@bo.whole');
  await field.pressSequentially('/sh');
  await expect(offers.getByRole('option')).toHaveCount(1);
  await ana.keyboard.press('Escape');
  await expect(offers).toBeHidden();
  await expect(field).toHaveValue('/sh');
  await field.fill('');
  await field.pressSequentially('see @bo.whole');
  await expect(offers).toBeVisible();
  await ana.keyboard.press('Enter');
  await expect(ana.locator('.message-body').last()).toHaveText('see @bo.whole');
});
