import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { signUp } from './people.js';

const lane = (page: Page, name: string) => page.locator(`tr[data-lane=${name}]`);
const entries = (page: Page) => page.locator('tr.entry');

/** The owner, on a server of their own: whoever signs up first owns it. */
async function owner(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-up`, { waitUntil: 'networkidle' });
  await page.getByLabel('Name', { exact: true }).fill('Ana Lima');
  await page.getByLabel('Handle').fill('ana');
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/sign-up/);
}

/** Pauses a lane, sets its width and lets it go on; then finds all that in the audit log. */
async function operate(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/profile`, { waitUntil: 'networkidle' });
  await page.getByRole('link', { name: 'Administration' }).click();
  await expect(page).toHaveURL(/\/admin\/lanes$/);
  await expect(page.locator('tr.lane')).toHaveCount(3);
  await expect(page.getByText('Nothing was given up here.')).toBeVisible();
  await page.goto(`${url}/admin/lanes`, { waitUntil: 'networkidle' });

  const general = lane(page, 'general');
  await expect(general).toContainText('Running');
  await general.getByRole('button', { name: /^Pause/ }).click();
  await expect(general).toContainText('Paused');
  await expect(lane(page, 'realtime')).toContainText('Running');
  await page.reload({ waitUntil: 'networkidle' });
  await expect(general).toContainText('Paused');
  await general.getByRole('button', { name: /^Resume/ }).click();
  await expect(general).toContainText('Running');

  // Nothing typed is lost when it is refused, and the reason is said.
  const width = general.getByLabel(/^Width of/);
  await width.fill('65');
  await general.getByRole('button', { name: /^Set/ }).click();
  await expect(general).toContainText('Must be 1 to 64.');
  await expect(width).toHaveValue('65');
  await width.fill('3');
  await general.getByRole('button', { name: /^Set/ }).click();
  await expect(general).not.toContainText('Must be 1 to 64.');
  await page.reload({ waitUntil: 'networkidle' });
  await expect(width).toHaveValue('3');

  await page.getByRole('link', { name: 'Audit log' }).click();
  await expect(page).toHaveURL(/\/admin\/audit$/);
  await expect(page.locator('.chain')).toContainText('Last sealed entry');
  await expect(entries(page).filter({ hasText: 'account.sign_up' })).toHaveCount(1);
  const all = await entries(page).count();

  const filter = page.getByRole('search', { name: 'Audit log' });
  await filter.getByLabel('Action').selectOption('lane.manage');
  await filter.getByLabel('Outcome').selectOption('done');
  await filter.getByLabel('Actor').fill('@ana');
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/action=lane\.manage/);
  await expect(entries(page)).toHaveCount(3);
  expect(all).toBeGreaterThan(3);
  for (const entry of await entries(page).all()) {
    await expect(entry).toContainText('@ana');
    await expect(entry).toContainText('lane.manage');
    await expect(entry).toContainText('page');
  }
  await expect(filter.getByLabel('Action')).toHaveValue('lane.manage');

  await filter.getByLabel('Actor').fill('nobody.here');
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(filter).toContainText('nobody has this handle');
  await expect(entries(page)).toHaveCount(0);

  // What is none is told, and stands in its field.
  await page.goto(`${url}/admin/audit?action=nothing.done&surface=moon`, { waitUntil: 'networkidle' });
  await expect(filter).toContainText('there is no action "nothing.done"');
  await expect(filter).toContainText('there is no surface "moon"');
  await expect(filter.getByLabel('Action')).toHaveValue('nothing.done');
  await page.goto(`${url}/admin/lanes?lane=zzz`, { waitUntil: 'networkidle' });
  await expect(page.locator('#letters')).toContainText('there is no lane "zzz"');

  // All that belongs to one request.
  await page.goto(`${url}/admin/audit?action=lane.manage`, { waitUntil: 'networkidle' });
  await entries(page).first().locator('summary').click();
  await entries(page).first().locator('dd a').first().click();
  await expect(page).toHaveURL(/correlation=/);
  await expect(entries(page)).toHaveCount(1);
}

// Q07, Q15, L02
test('the owner runs the lanes and finds it in the audit log', async ({ page, freshServer, problems }) => {
  test.setTimeout(90_000);
  // A width of 65 is refused.
  problems.allow(/status of 422 .*set_lane_width/);
  const server = await freshServer();
  await owner(page, server.url);
  await operate(page, server.url);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // Q07, Q15, L02, U11
  test('the console is worked by links and forms', async ({ page, freshServer }) => {
    test.setTimeout(90_000);
    const server = await freshServer();
    await owner(page, server.url);
    await operate(page, server.url);
  });
});

// L06, S08
test('for everybody else the console is not there', async ({ page, visitor, freshServer, problems }) => {
  problems.allow(/status of 404 .*admin/);
  const server = await freshServer();
  await owner(page, server.url);
  const bo = await visitor({ baseURL: server.url });
  await signUp(bo, 'Bo Okri', 'bo');
  for (const path of ['/admin/lanes', '/admin/audit', '/admin/nothing']) {
    const answer = await bo.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(bo.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
  }
  await bo.goto('/settings/profile');
  await expect(bo.getByRole('link', { name: 'Sessions' })).toBeVisible();
  await expect(bo.getByRole('link', { name: 'Administration' })).toHaveCount(0);

  // Who is not signed in is asked to, as everywhere.
  const stranger = await visitor({ baseURL: server.url });
  await stranger.goto('/admin/lanes');
  await expect(stranger).toHaveURL(/\/sign-in\?next=\/admin\/lanes/);
  // The server of this test goes before its pages do.
  for (const open of [page, bo, stranger]) await open.goto('about:blank');
});

// Accessible: WCAG 2.2 AA, as `looks.spec.ts` has it for every other page; here, because only an owner sees these.
for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the console, ${colorScheme}`, async ({ page, freshServer }) => {
    test.setTimeout(90_000);
    await page.emulateMedia({ colorScheme });
    const server = await freshServer();
    await owner(page, server.url);
    for (const path of ['/admin/lanes', '/admin/audit', '/admin/audit?actor=nobody.here']) {
      for (const [width, height] of [[1440, 900], [900, 1100], [390, 844]] as const) {
        await page.setViewportSize({ width, height });
        await page.goto(`${server.url}${path}`, { waitUntil: 'networkidle' });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target).join(' · ')}`);
        expect(found, `${path} at ${width}`).toEqual([]);
        if (width === 390 && path === '/admin/audit') {
          const badge = await page.locator('tr.entry .badge').first().boundingBox();
          expect(badge?.width, 'a badge is as wide as its word').toBeLessThan(120);
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `${path} does not scroll sideways at ${width}`).toBeLessThanOrEqual(width);
      }
    }
  });
}
