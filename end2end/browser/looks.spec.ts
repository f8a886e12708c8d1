import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './server.js';
import { createCommunity, open, say, signUp } from './people.js';

const SIZES = { desktop: { width: 1440, height: 900 }, tablet: { width: 900, height: 1100 }, phone: { width: 390, height: 844 } };

// Accessible: WCAG 2.2 AA, every page, both themes, three sizes.
for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page, ${theme}`, async ({ page, problems }) => {
    // The browser notes every page that is not there; two below are not.
    problems.allow(/status of 404 .*(nothing|nowhere)/);
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: theme });
    const check = async (path: string) => {
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await page.goto(path, { waitUntil: 'networkidle' });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target).join(' · ')}`);
        expect(found, `${path} on a ${size}`).toEqual([]);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, `${path} does not scroll sideways on a ${size}`).toBeLessThanOrEqual(viewport.width);
      }
    };
    for (const path of ['/', '/sign-in', '/sign-up']) await check(path);
    await page.setViewportSize(SIZES.desktop);
    await signUp(page, 'Ana Lima', `ana.${theme}`);
    await check('/c');
    await page.setViewportSize(SIZES.desktop);
    const name = theme === 'light' ? 'Day' : 'Night';
    const slug = name.toLowerCase();
    await createCommunity(page, name);
    await check(`/c/${slug}/general`);
    await page.setViewportSize(SIZES.desktop);
    await open(page, `/c/${slug}/general`);
    await say(page, 'words, **bold**, `code`\n\n```\na block\n```\n\n> a quote\n\n- [x] done\n- [ ] not yet');
    await say(page, '| a | b |\n|---|---|\n| 1 | 2 |');
    await expect(page.locator('li.message')).toHaveCount(2);
    for (const path of ['/general', '', '/new-channel', '/new-message', '/members', '/moderation', '/webhooks', '/search', '/search?q=words', '/settings/roles', '/general/about', '/general?panel=members', '/general?panel=pins', '/nothing']) {
      await check(`/c/${slug}${path}`);
    }
    for (const path of ['/inbox', '/settings/profile', '/settings/sessions', '/nowhere']) await check(path);
  });
}
