import { expect, test } from './server.js';
import { createChannel, createCommunity, joinCommunity, message, messages, open, say, signUp } from './people.js';

// C01, C05
test('a channel is renamed, others follow, and its old address leads to the new one', async ({ page: ana, visitor, problems }) => {
  // An address that another channel has is refused.
  problems.allow(/status of 422 .*rename_channel/);
  await signUp(ana, 'Ana Lima', 'ana.names');
  await createCommunity(ana, 'Names');
  await createChannel(ana, 'names', 'plans');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.names');
  await joinCommunity(bo, 'Names');
  await open(bo, '/c/names/plans');
  await ana.goto('/c/names/plans/about', { waitUntil: 'networkidle' });
  const naming = ana.locator('#naming');
  await naming.getByLabel('Address').fill('general');
  await naming.getByRole('button', { name: 'Save' }).click();
  await expect(naming.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');
  await expect(naming).toContainText('Is taken in this community');
  await naming.getByLabel('Name', { exact: true }).fill('The launch');
  await naming.getByLabel('Address').fill('launch');
  await naming.getByRole('button', { name: 'Save' }).click();
  await expect(ana).toHaveURL(/\/c\/names\/launch\/about/);
  await expect(ana.locator('#naming').getByRole('status')).toHaveText('Saved.');
  await expect(ana.getByRole('heading', { level: 1 })).toContainText('The launch');
  // Who has it open is at its new address.
  await expect(bo).toHaveURL(/\/c\/names\/launch$/);
  await expect(bo.getByRole('heading', { level: 1 })).toContainText('The launch');
  await bo.goto('/c/names/plans?panel=members');
  await expect(bo).toHaveURL(/\/c\/names\/launch\?panel=members$/);
});

// C07, C08
test('a locked or archived channel says so to whoever has it open, and comes back', async ({ page: ana, visitor, problems }) => {
  // The last public channel cannot be archived.
  problems.allow(/status of 409 .*set_channel_status/);
  await signUp(ana, 'Ana Lima', 'ana.shelf');
  await createCommunity(ana, 'Shelf');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.shelf');
  await joinCommunity(bo, 'Shelf');
  await open(bo, '/c/shelf/general');
  await say(bo, 'before');
  await expect(message(bo, 'before')).toBeVisible();
  await ana.goto('/c/shelf/general/about', { waitUntil: 'networkidle' });
  const status = ana.locator('#status');
  await status.getByRole('button', { name: 'Lock channel' }).click();
  await expect(status.getByRole('status')).toHaveText('Saved.');
  await expect(bo.locator('.composer-closed')).toContainText('This channel is locked');
  await status.getByRole('button', { name: 'Archive channel' }).click();
  await expect(bo.locator('.composer-closed')).toContainText('This channel is archived');
  await expect(messages(bo)).toHaveText(['before']);
  // On everybody's list it stands under "Archived": unfolded for whoever has it open, folded for the rest.
  const folded = bo.locator('.channels details.category');
  await expect(folded).toHaveAttribute('open', '');
  await expect(folded.getByRole('link', { name: 'general' })).toBeVisible();
  await bo.goto('/c/shelf/announcements', { waitUntil: 'networkidle' });
  await expect(folded.getByRole('link', { name: 'general' })).toBeHidden();
  await folded.getByText('Archived').click();
  await folded.getByRole('link', { name: 'general' }).click();
  await expect(bo).toHaveURL(/\/c\/shelf\/general$/);
  await ana.goto('/c/shelf/announcements/about', { waitUntil: 'networkidle' });
  await ana.locator('#status').getByRole('button', { name: 'Archive channel' }).click();
  await expect(ana.locator('#status')).toContainText('This is the last public channel that is not archived');
  await ana.goto('/c/shelf/general/about', { waitUntil: 'networkidle' });
  await status.getByRole('button', { name: 'Bring channel back' }).click();
  await expect(bo.locator('#composer-body')).toBeVisible();
  await say(bo, 'after');
  await expect(messages(bo)).toHaveText(['before', 'after']);
});

// C01, M30
test('a channel is deleted by typing its name, and whoever has it open is led away', async ({ page: ana, visitor, problems }) => {
  problems.allow(/status of 422 .*delete_channel/);
  await signUp(ana, 'Ana Lima', 'ana.gone');
  await createCommunity(ana, 'Gone');
  await createChannel(ana, 'gone', 'plans');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.gone');
  await joinCommunity(bo, 'Gone');
  await open(bo, '/c/gone/plans');
  await ana.goto('/c/gone/plans/about', { waitUntil: 'networkidle' });
  const deletion = ana.locator('#deletion');
  await deletion.getByText('Delete channel…').click();
  await deletion.getByLabel('Name of the channel').fill('plan');
  await deletion.getByRole('button', { name: 'Delete it for good' }).click();
  await expect(deletion).toContainText("must be the channel's name, letter by letter");
  await deletion.getByLabel('Name of the channel').fill('plans');
  await deletion.getByRole('button', { name: 'Delete it for good' }).click();
  await expect(ana).toHaveURL(/\/c\/gone$/);
  await expect(bo).toHaveURL(/\/c\/gone$/);
  await expect(bo.getByText('#plans was deleted.')).toBeVisible();
  await expect(bo.locator('.channels').getByRole('link', { name: 'plans' })).toHaveCount(0);
});

// C05
test('in slow mode the composer counts down and keeps the words, and the counter knows the longest message', async ({ page: ana, visitor, problems }) => {
  problems.allow(/status of 422 .*set_posting_limits/);
  await signUp(ana, 'Ana Lima', 'ana.slow');
  await createCommunity(ana, 'Slow');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.slow');
  await joinCommunity(bo, 'Slow');
  await open(bo, '/c/slow/general');
  await ana.goto('/c/slow/general/about', { waitUntil: 'networkidle' });
  const posting = ana.locator('#posting');
  await posting.getByLabel('Longest message').fill('0');
  await posting.getByRole('button', { name: 'Save' }).click();
  await expect(posting).toContainText('Must be 1 to 4,000 characters');
  await posting.getByLabel('Longest message').fill('20');
  await posting.getByLabel('Slow mode').selectOption('One message every 10 seconds');
  await posting.getByRole('button', { name: 'Save' }).click();
  await expect(posting.getByRole('status')).toHaveText('Saved.');
  const note = bo.locator('#composer-note');
  await expect(note).toContainText('Slow mode: one message every 10 seconds.');
  await bo.locator('#composer-body').fill('more than twenty characters');
  await expect(note).toContainText('7 too many');
  await say(bo, 'one');
  await expect(note).toContainText(/you can send in \d+ s/);
  await say(bo, 'two');
  await expect(bo.locator('#composer-body')).toHaveValue('two');
  await expect(note).toContainText('Slow mode: one message every 10 seconds.', { timeout: 20_000 });
  await bo.locator('#composer-body').press('Enter');
  await expect(messages(bo)).toHaveText(['one', 'two']);
  // Whoever moderates does not wait.
  await open(ana, '/c/slow/general');
  await expect(ana.locator('#composer-note')).not.toContainText('Slow mode');
  await say(ana, 'three');
  await say(ana, 'four');
  await expect(messages(bo)).toHaveText(['one', 'two', 'three', 'four']);
});

// C01, C06, U12
test('a channel is muted from its bar, in every tab, and its unread messages do not stand out', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana Lima', 'ana.mutes');
  await createCommunity(ana, 'Mutes');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.mutes');
  await joinCommunity(bo, 'Mutes');
  const tab = await bo.context().newPage();
  await open(tab, '/c/mutes/announcements');
  await open(bo, '/c/mutes/general');
  await bo.getByRole('button', { name: 'Mute this channel' }).click();
  await expect(bo.getByRole('button', { name: 'Unmute this channel' })).toBeVisible();
  const general = tab.locator('.channels a.channel').filter({ hasText: 'general' });
  await expect(general).toHaveAttribute('data-muted', '');
  await bo.goto('/c/mutes/announcements');
  await open(ana, '/c/mutes/general');
  await say(ana, 'unheard');
  await expect(general.locator('.count')).toContainText('1');
  await expect(general).not.toHaveAttribute('data-unread', '');
  await bo.goto('/c/mutes/general/about', { waitUntil: 'networkidle' });
  const notifications = bo.locator('#notifications');
  await expect(notifications.getByRole('checkbox', { name: /^Mute this channel/ })).toBeChecked();
  await notifications.getByRole('checkbox', { name: /^Mute this channel/ }).uncheck();
  await notifications.getByRole('radio', { name: /^Nothing/ }).check();
  await notifications.getByRole('button', { name: 'Save' }).click();
  await expect(notifications.getByRole('status')).toHaveText('Saved.');
  await expect(general).not.toHaveAttribute('data-muted', '');
  await tab.close();
});

// C01
test('who is removed from a channel is out of it at once, and may come back to a public one', async ({ page: ana, visitor }) => {
  test.setTimeout(60_000);
  await signUp(ana, 'Ana Lima', 'ana.out');
  await createCommunity(ana, 'Out');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.out');
  await joinCommunity(bo, 'Out');
  await open(bo, '/c/out/general');
  await expect(bo.locator('#composer-body')).toBeVisible();
  await ana.goto('/c/out/general/about', { waitUntil: 'networkidle' });
  const people = ana.locator('#people');
  // Nobody removes themselves: that is leaving.
  await expect(people.getByRole('button', { name: /^Remove/ })).toHaveCount(1);
  await people.getByRole('button', { name: 'Remove Bo Okri from the channel' }).click();
  await expect(people.getByRole('status')).toHaveText('Removed from the channel.');
  await expect(people.getByRole('listitem')).toHaveCount(1);
  await expect(people).toBeFocused();
  // The open page offers the way back.
  await bo.getByRole('button', { name: 'Join channel' }).click();
  await expect(bo.locator('#composer-body')).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // C01, C05, C07, C08, U11
  test('a channel is renamed, archived and deleted by forms, on a phone', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.forms');
    await createCommunity(page, 'Forms');
    await createChannel(page, 'forms', 'plans');
    await page.goto('/c/forms/plans/about');
    await page.locator('#naming').getByLabel('Address').fill('members');
    await page.locator('#naming').getByRole('button', { name: 'Save' }).click();
    await expect(page.locator('#naming')).toContainText('Is used by a page of the community');
    await page.locator('#naming').getByLabel('Address').fill('launch');
    await page.locator('#naming').getByRole('button', { name: 'Save' }).click();
    await expect(page).toHaveURL(/\/c\/forms\/launch\/about\?done=renamed#naming$/);
    await expect(page.locator('#naming').getByRole('status')).toHaveText('Saved.');
    await page.goto('/c/forms/plans/about?panel=members');
    await expect(page).toHaveURL(/\/c\/forms\/launch\/about\?panel=members$/);
    await page.locator('#status').getByRole('button', { name: 'Archive channel' }).click();
    await expect(page.locator('#status')).toContainText('This channel is archived');
    await page.goto('/c/forms/launch');
    await expect(page.locator('.composer-closed')).toContainText('This channel is archived');
    await page.goto('/c/forms');
    await expect(page.locator('.channels details.category summary')).toContainText('Archived');
    await page.goto('/c/forms/launch/about');
    const sheet = await page.locator('.sheet').boundingBox();
    expect(sheet && sheet.x >= 0 && sheet.x + sheet.width <= 390).toBe(true);
    await page.locator('#status').getByRole('button', { name: 'Bring channel back' }).click();
    await page.locator('#deletion').getByText('Delete channel…').click();
    await page.locator('#deletion').getByLabel('Name of the channel').fill('launch');
    await page.locator('#deletion').getByRole('button', { name: 'Delete it for good' }).click();
    await expect(page.locator('#deletion')).toContainText("must be the channel's name, letter by letter");
    await page.locator('#deletion').getByLabel('Name of the channel').fill('plans');
    await page.locator('#deletion').getByRole('button', { name: 'Delete it for good' }).click();
    await expect(page).toHaveURL(/\/c\/forms$/);
    await expect(page.locator('.channels').getByRole('link', { name: 'plans' })).toHaveCount(0);
  });

  // C01, C05, C06, U11
  test('slow mode, the longest message and notifications are forms, and a refused message keeps its words', async ({ page: ana, visitor }) => {
    await signUp(ana, 'Ana Lima', 'ana.pauses');
    await createCommunity(ana, 'Pauses');
    await ana.goto('/c/pauses/general/about');
    await ana.locator('#posting').getByLabel('Slow mode').selectOption('One message every 15 minutes');
    await ana.locator('#posting').getByLabel('Longest message').fill('30');
    await ana.locator('#posting').getByRole('button', { name: 'Save' }).click();
    await expect(ana.locator('#posting').getByRole('status')).toHaveText('Saved.');
    await expect(ana.locator('#posting').getByLabel('Slow mode')).toHaveValue('900');
    const bo = await visitor({ javaScriptEnabled: false });
    await signUp(bo, 'Bo Okri', 'bo.pauses');
    await joinCommunity(bo, 'Pauses');
    await bo.goto('/c/pauses/general');
    await bo.locator('#composer-body').fill('longer than thirty characters, by far');
    await bo.getByRole('button', { name: 'Send' }).click();
    await expect(bo.locator('#composer-note')).toContainText('must be at most 30 characters here, not 37');
    await bo.locator('#composer-body').fill('one');
    await bo.getByRole('button', { name: 'Send' }).click();
    await bo.locator('#composer-body').fill('two');
    // It says that it is not the time yet, and can be pressed all the same.
    await expect(bo.getByRole('button', { name: 'Send' })).toHaveAttribute('aria-disabled', 'true');
    await bo.getByRole('button', { name: 'Send' }).click({ force: true });
    await expect(bo.locator('#composer-body')).toHaveValue('two');
    await expect(bo.locator('#composer-note')).toContainText('Not sent yet.');
    await expect(bo.locator('#composer-note')).toContainText(/you can send in (900|8\d\d) s/);
    await expect(messages(bo)).toHaveText(['one']);
    await bo.getByRole('button', { name: 'Mute this channel' }).click();
    await expect(bo.getByRole('button', { name: 'Unmute this channel' })).toBeVisible();
    await bo.goto('/c/pauses/general/about');
    await expect(bo.locator('#posting')).toContainText('everybody posts one message every 15 minutes');
    await bo.locator('#notifications').getByRole('radio', { name: /^Mentions/ }).check();
    await bo.locator('#notifications').getByRole('button', { name: 'Save' }).click();
    await expect(bo.locator('#notifications').getByRole('status')).toHaveText('Saved.');
    await expect(bo.locator('#notifications').getByRole('radio', { name: /^Mentions/ })).toBeChecked();
  });
});
