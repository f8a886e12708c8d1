import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './server.js';

/** Somebody else's server, which refuses what it is sent until it is mended. */
async function receiver() {
  const got: { id: string; body: string }[] = [];
  let status = 503;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => { body += part.toString(); });
    request.on('end', () => {
      if (status === 204) got.push({ id: String(request.headers['webhook-id']), body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    mend: () => { status = 204; },
    close: () => new Promise((closed) => server.close(closed)),
  };
}

async function operate(page: Page, url: string): Promise<void> {
  const hook = await receiver();
  await page.goto(`${url}/sign-up`, { waitUntil: 'networkidle' });
  await page.getByLabel('Name', { exact: true }).fill('Ana Lima');
  await page.getByLabel('Handle').fill('ana');
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/sign-up/);
  await page.goto(`${url}/c`, { waitUntil: 'networkidle' });
  await page.locator('#create').getByLabel('Name', { exact: true }).fill('Harbour');
  await page.locator('#create').getByRole('button', { name: 'Create community' }).click();
  await expect(page).toHaveURL(/\/c\/harbour/);
  await page.goto(`${url}/c/harbour/webhooks`, { waitUntil: 'networkidle' });
  await page.getByLabel('Address').fill(hook.url);
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await expect(page.locator('.webhook')).toHaveCount(1);

  await page.goto(`${url}/c/harbour/general`, { waitUntil: 'networkidle' });
  await page.getByRole('textbox', { name: /^Message/ }).fill('the ferry is late');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('the ferry is late')).toBeVisible();

  // Three attempts later the console says that it was given up, and why.
  await page.goto(`${url}/settings/profile`, { waitUntil: 'networkidle' });
  await page.getByRole('link', { name: 'Administration' }).click();
  await expect(page).toHaveURL(/\/admin\/lanes/);
  const letter = page.locator('.letter');
  await expect(async () => {
    await page.reload({ waitUntil: 'networkidle' });
    await expect(letter).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 90_000 });
  await expect(letter).toContainText('message.posted for deliveries to ' + hook.url.replace('http://', ''));
  await expect(letter).toContainText('503');
  await expect(letter).toContainText('3 attempts');
  // From there to the webhook, and back to this letter alone.
  await letter.getByRole('link', { name: 'To the webhook it was for' }).click();
  await expect(page).toHaveURL(/\/c\/harbour\/webhooks#webhook-/);
  await expect(page.locator('.webhook')).toContainText('No event waits.');
  await page.getByRole('link', { name: 'What was given up last, in the console' }).click();
  await expect(page).toHaveURL(/\/admin\/lanes\?record=/);
  await expect(letter).toHaveCount(1);
  await page.goto(`${url}/admin/lanes`, { waitUntil: 'networkidle' });
  await letter.getByText('Payload').click();
  await expect(letter.getByText('Record')).toBeVisible();

  hook.mend();
  await letter.getByRole('button', { name: 'Replay', exact: true }).click();
  await expect(async () => {
    await page.reload({ waitUntil: 'networkidle' });
    await expect(page.getByText('Nothing was given up here.')).toBeVisible({ timeout: 500 });
    expect(hook.got).toHaveLength(1);
  }).toPass({ timeout: 20_000 });
  await hook.close();
}

// Q05, Q14, A03: an operator finds out in the console why a webhook did not arrive, mends it, and replays it.
test('what did not arrive is found, mended and replayed from the console', async ({ page, freshServer }) => {
  test.setTimeout(180_000);
  const server = await freshServer({ env: { THUNDERLINE_WEBHOOKS_PRIVATE: 'on' } });
  await operate(page, server.url);
  await page.goto('about:blank');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // Q14, U11
  test('the same by links and forms', async ({ page, freshServer }) => {
    test.setTimeout(180_000);
    const server = await freshServer({ env: { THUNDERLINE_WEBHOOKS_PRIVATE: 'on' } });
    await operate(page, server.url);
  });
});
