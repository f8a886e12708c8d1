import { expect, test } from './server.js';
import { PASSWORD, createChannel, createCommunity, joinCommunity, open, signUp } from './people.js';

// S09, U08
test('the first visitor becomes the owner; signing out and in comes back to where one was going', async ({ freshServer, visitor, problems }) => {
  // The browser notes every refused request; the wrong password below is one.
  problems.allow(/status of 422 .*sign_in/);
  const server = await freshServer();
  const page = await visitor({ baseURL: server.url });
  await page.goto('/sign-up');
  await expect(page.getByText('the first account owns this server')).toBeVisible();
  await signUp(page, 'Ana', 'ana');
  await createCommunity(page, 'Harbour');
  await page.goto('/settings/sessions', { waitUntil: 'networkidle' });
  await expect(page.getByText('this one')).toHaveCount(1);
  const other = await visitor({ baseURL: server.url });
  await other.goto('/c/harbour/general', { waitUntil: 'networkidle' });
  await expect(other).toHaveURL(/sign-in/);
  await other.getByLabel('Handle').fill('ana');
  await other.getByLabel('Password', { exact: true }).fill('wrong password');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByText('the name or the password is wrong').first()).toBeVisible();
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await other.getByRole('button', { name: 'Sign in' }).click();
  // The whole address: that of the sign-in page ends in the same words, as where it leads.
  await expect(other).toHaveURL(`${server.url}/c/harbour/general`);
  await page.goto('/settings/sessions', { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: /^Sign out .+/ }).click();
  await expect(other).toHaveURL(/sign-in/, { timeout: 15_000 });
});

// S03, S08
test('a private channel answers an outsider like one that does not exist', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana', 'ana.doors');
  await createCommunity(ana, 'Keep');
  await createChannel(ana, 'keep', 'secret', true);
  await open(ana, '/c/keep/secret');
  const bo = await visitor();
  await signUp(bo, 'Bo', 'bo.doors');
  await joinCommunity(bo, 'Keep');
  const there = await bo.request.get('/c/keep/secret');
  const nowhere = await bo.request.get('/c/keep/nothing');
  expect([there.status(), nowhere.status()]).toEqual([404, 404]);
  // What differs by right: the nonce of each answer, the address that was asked for, ids made for new forms.
  const plain = (html: string) => {
    const nonce = /nonce="([^"]*)"/.exec(html)?.[1] ?? 'none';
    return html.replaceAll(nonce, 'nonce').replace(/secret|nothing/g, 'x').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
  };
  expect(plain(await there.text())).toEqual(plain(await nowhere.text()));
  expect((await ana.request.get('/c/keep/secret')).status()).toBe(200);
});
