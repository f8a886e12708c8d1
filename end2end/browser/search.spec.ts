import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './server.js';
import { createChannel, createCommunity, joinCommunity, message, open, say, signUp } from './people.js';

// M23
test('what was said is found while one types, marked, and jumped to', async ({ page: ana, visitor, problems }) => {
  test.setTimeout(90_000);
  // The browser notes the refused search below.
  problems.allow(/status of 422/);
  await signUp(ana, 'Ana Lima', 'ana.seeks');
  await createCommunity(ana, 'Seekers');
  await open(ana, '/c/seekers/general');
  await say(ana, 'the ferry leaves at noon');
  await say(ana, 'bring `<b>no</b>` ferryboat tickets');
  await say(ana, 'call foo_bar first');
  await expect(message(ana, 'call foo_bar')).not.toHaveAttribute('data-state', 'pending');
  await createChannel(ana, 'seekers', 'secret', true);
  await open(ana, '/c/seekers/secret');
  await say(ana, 'the secret ferry');
  await expect(message(ana, 'secret ferry')).not.toHaveAttribute('data-state', 'pending');

  // From the channel by its key, with the channel filled in.
  await open(ana, '/c/seekers/general');
  await ana.keyboard.press('Control+f');
  await expect(ana).toHaveURL(/\/c\/seekers\/search\?q=in/);
  const field = ana.getByLabel('Search messages');
  await expect(field).toHaveValue('in:general ');
  await expect(field).toBeFocused();
  await field.pressSequentially('ferr');
  const hits = ana.locator('.hit');
  await expect(hits).toHaveCount(2);
  await expect(hits.first()).toContainText('bring <b>no</b> ferryboat tickets');
  await expect(hits.first().locator('mark')).toHaveText('ferryboat');
  await expect(ana.getByText('2 messages, the newest first.')).toBeVisible();
  const { violations } = await new AxeBuilder({ page: ana }).analyze();
  expect(violations.map((it) => it.id)).toEqual([]);

  // Everywhere, and by a phrase; nothing; and what is no filter.
  await field.fill('ferry');
  await expect(hits).toHaveCount(3);
  await field.fill('"ferry leaves"');
  await expect(hits).toHaveCount(1);
  await field.fill('xyzzy');
  await expect(ana.getByRole('heading', { name: 'Nothing was found' })).toBeVisible();
  await field.fill('colour:red');
  await expect(ana.getByText('Colour: is no filter')).toBeVisible();
  await field.fill('');
  await expect(ana.getByRole('heading', { name: 'What you can look for' })).toBeVisible();
  await field.fill('foo_b');
  await expect(hits).toHaveCount(1);
  await hits.getByRole('link', { name: 'Jump to the message of Ana Lima' }).click();
  await expect(ana).toHaveURL(/\/c\/seekers\/general\?at=[0-9a-f-]+#m-/);
  await expect(message(ana, 'call foo_bar')).toHaveAttribute('data-target', '');

  // Somebody who is not in the private channel.
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.seeks');
  await joinCommunity(bo, 'Seekers');
  await bo.goto('/c/seekers/search?q=ferry', { waitUntil: 'networkidle' });
  await expect(bo.locator('.hit')).toHaveCount(2);
  await bo.goto('/c/seekers/search?q=in%3Asecret', { waitUntil: 'networkidle' });
  await expect(bo.getByText('In:secret is no channel here that you can see.')).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // M23, U11
  test('a search is a form, and its pages are links', async ({ page }) => {
    test.setTimeout(90_000);
    await signUp(page, 'Ana Lima', 'ana.plainsearch');
    await createCommunity(page, 'Plainsearch');
    await page.goto('/c/plainsearch/general');
    for (let n = 1; n <= 22; n++) {
      await page.locator('#composer-body').fill(`buoy ${n}`);
      await page.getByRole('button', { name: 'Send' }).click();
    }
    await page.getByRole('link', { name: 'Search here' }).click();
    await page.getByLabel('Search messages').fill('buoy');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect(page).toHaveURL(/search\?q=buoy$/);
    await expect(page.locator('.hit-text')).toHaveCount(20);
    await expect(page.locator('.hit-text').first()).toHaveText('buoy 22');
    await expect(page.locator('.hit mark').first()).toHaveText('buoy');
    await page.getByRole('link', { name: 'Older results' }).click();
    await expect(page.locator('.hit-text')).toHaveText(['buoy 2', 'buoy 1']);
    await page.getByRole('link', { name: 'Newest results' }).click();
    await expect(page.locator('.hit-text')).toHaveCount(20);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  // M23
  test('a search fits the page', async ({ page }) => {
    await signUp(page, 'Ana Lima', 'ana.pocketsearch');
    await createCommunity(page, 'Pocketsearch');
    await open(page, '/c/pocketsearch/general');
    await say(page, `a long ${'word'.repeat(60)} to find`);
    await expect(message(page, 'to find')).not.toHaveAttribute('data-state', 'pending');
    await page.goto('/c/pocketsearch/search?q=find', { waitUntil: 'networkidle' });
    await expect(page.locator('.hit mark')).toHaveText('find');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((it) => it.id)).toEqual([]);
  });
});
