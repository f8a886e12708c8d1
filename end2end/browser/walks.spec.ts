import { expect, test } from './server.js';
import { createCommunity, live, signUp } from './people.js';

// U01: no page that was left takes the next one down with it.
test('walks through the pages end where they lead', async ({ page }) => {
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
    for (const step of [...walk, '/settings/profile', '/settings/sessions']) {
      await page.locator(`a[href="${step}"]`).first().click();
      await expect(page).toHaveURL(new RegExp(`${step}$`));
      await expect(page.locator('main h1, main h2').first()).toBeVisible();
    }
  }
});
