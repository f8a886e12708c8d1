import { expect, test } from './server.js';
import { createCommunity, live, signUp } from './people.js';

declare global {
  interface Window {
    /** Set once the client lives; a page that is loaded anew does not have it. */
    walking?: boolean;
  }
}

// U01: no page that was left takes the next one down with it, and the client goes on from page to page.
test('walks through the pages end where they lead, and back', async ({ page }) => {
  test.setTimeout(120_000);
  await signUp(page, 'Ana Lima', 'ana.walks');
  await createCommunity(page, 'Trails');
  const walks = [
    ['/c/trails', '/c/trails/general', '/c/trails'],
    ['/c/trails/members', '/c/trails'],
    ['/c/trails/new-channel', '/c/trails/members', '/c/trails/general'],
    ['/c/trails/general/about', '/c/trails/general'],
    ['/inbox', '/c/trails', '/c/trails/announcements', '/inbox'],
    ['/c', '/c/trails', '/c/trails/members'],
  ];
  for (const walk of walks) {
    await page.goto('/c/trails/general');
    await live(page);
    await page.evaluate(() => { window.walking = true; });
    const steps = [...walk, '/settings/profile', '/settings/sessions'];
    for (const step of steps) {
      await page.locator(`a[href="${step}"]`).first().click();
      await expect(page).toHaveURL(new RegExp(`${step}$`));
      await expect(page.locator('main h1, main h2').first()).toBeVisible();
    }
    for (const step of steps.slice(0, -1).reverse()) {
      await page.goBack();
      await expect(page).toHaveURL(new RegExp(`${step}$`));
      await expect(page.locator('main h1, main h2').first()).toBeVisible();
    }
    expect(await page.evaluate(() => window.walking), 'nothing was loaded anew').toBe(true);
  }
});
