// What people do, in their words. Selectors live here, so that a test reads as a story.
import { expect, type Page } from '@playwright/test';

export const PASSWORD = 'correct horse battery';

/** Waits until the WASM client has taken the page over. */
export async function live(page: Page): Promise<void> {
  await expect(page.locator('.connection')).toHaveAttribute('data-state', 'live', { timeout: 15_000 });
}

/** Makes an account; works with and without JavaScript. */
export async function signUp(page: Page, name: string, handle: string): Promise<void> {
  await page.goto('/sign-up', { waitUntil: 'networkidle' });
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Handle').fill(handle);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/sign-up/);
}

/** Makes a public community; its address is made from its name. */
export async function createCommunity(page: Page, name: string): Promise<void> {
  await page.goto('/c', { waitUntil: 'networkidle' });
  const form = page.locator('#create');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByRole('button', { name: 'Create community' }).click();
  await expect(page).toHaveURL(new RegExp(`/c/${name.toLowerCase()}`));
}

/** Joins a community that the directory lists. */
export async function joinCommunity(page: Page, name: string): Promise<void> {
  await page.goto('/c', { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: `Join ${name}` }).click();
  await expect(page.getByRole('button', { name: `Join ${name}` })).toHaveCount(0);
}

/** Makes a channel. */
export async function createChannel(page: Page, community: string, name: string, secret = false): Promise<void> {
  await page.goto(`/c/${community}/new-channel`, { waitUntil: 'networkidle' });
  await page.getByLabel('Name', { exact: true }).fill(name);
  if (secret) await page.getByRole('radio', { name: /Only people who are added/ }).check();
  await page.getByRole('button', { name: 'Create channel' }).click();
  await expect(page).toHaveURL(new RegExp(`/c/${community}/${name}`));
}

/** Opens a channel and waits for its live client. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await live(page);
}

/** Writes a message and sends it with Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await page.locator('#composer-body').fill(text);
  await page.locator('#composer-body').press('Enter');
}

/** The messages on the page, by their visible words. */
export const messages = (page: Page) => page.locator('li.message .message-body');

/** One message on the page. */
export const message = (page: Page, text: string) => page.locator('li.message').filter({ hasText: text });
