import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './server.js';
import { createCommunity, joinCommunity, open, say, signUp } from './people.js';

/** Fills the form of a new rule that denies one thing. */
async function write(page: Page, community: string, name: string, what: string, condition = ''): Promise<void> {
  await page.goto(`/c/${community}/settings/rules/new`, { waitUntil: 'networkidle' });
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('checkbox', { name: what, exact: true }).check();
  await page.locator('#rule-condition').fill(condition);
}

const rule = (page: Page, name: string) => page.locator('#own .rule').filter({ hasText: name });

// S01, S02
test('a rule is added, switched off, changed and removed, and holds at once', async ({ page: ana, visitor, problems }) => {
  problems.allow(/status of 4(03|22)/);
  test.setTimeout(120_000);
  await signUp(ana, 'Ana Lima', 'ana.rules');
  await createCommunity(ana, 'Lawful');
  const bo = await visitor({ viewport: { width: 390, height: 844 } });
  await signUp(bo, 'Bo Okri', 'bo.rules');
  await joinCommunity(bo, 'Lawful');

  await ana.goto('/c/lawful/members', { waitUntil: 'networkidle' });
  await ana.getByRole('link', { name: 'Rules', exact: true }).click();
  await expect(ana.getByRole('heading', { name: 'Rules of Lawful' })).toBeVisible();
  await expect(ana.getByText('There is no rule of your own.')).toBeVisible();
  await expect(ana.locator('#built-in .rule').filter({ hasText: 'who is banned stays out' })).toContainText('safety');

  // What is wrong is said by the field.
  await write(ana, 'lawful', 'only Ana makes channels', 'create channels', "person.handle == 'ana.rules'");
  await ana.getByRole('button', { name: 'Add rule' }).click();
  await expect(ana.locator('#rule-condition-error')).toContainText('nows no `person`');
  await ana.locator('#rule-condition').fill("actor.handle != 'ana.rules'");
  await ana.getByRole('button', { name: 'Add rule' }).click();
  await expect(ana).toHaveURL(/settings\/rules\?done=added$/);
  await expect(ana.getByText('The rule was added.')).toBeVisible();
  await expect(rule(ana, 'only Ana makes channels')).toContainText("actor.handle != 'ana.rules'");

  await bo.goto('/c/lawful', { waitUntil: 'networkidle' });
  await expect(bo.getByRole('link', { name: 'Create a channel' })).toHaveCount(0);
  await rule(ana, 'only Ana makes channels').getByRole('button', { name: /^Switch off/ }).click();
  await expect(rule(ana, 'only Ana makes channels').locator('.badge')).toHaveText('off');
  // The page that is open hears of it.
  await expect(bo.getByRole('link', { name: 'Create a channel' })).toBeVisible();

  await rule(ana, 'only Ana makes channels').locator('input[name=priority]').fill('0');
  await rule(ana, 'only Ana makes channels').getByRole('button', { name: /^Set/ }).click();
  await expect(ana.locator('#refused').getByRole('alert')).toContainText('from 1 to 1000');
  await rule(ana, 'only Ana makes channels').locator('input[name=priority]').fill('7');
  await rule(ana, 'only Ana makes channels').getByRole('button', { name: /^Set/ }).click();
  await expect(ana.getByText('The rule has another priority.')).toBeVisible();

  await rule(ana, 'only Ana makes channels').getByRole('link', { name: /^Edit/ }).click();
  await expect(ana.getByLabel('Priority')).toHaveValue('7');
  await ana.getByLabel('Name', { exact: true }).fill('Ana makes the channels');
  await ana.getByRole('button', { name: 'Save rule' }).click();
  await expect(ana.getByText('The rule was saved.')).toBeVisible();
  await rule(ana, 'Ana makes the channels').locator('summary').click();
  await ana.getByRole('dialog').getByRole('button', { name: /^Remove rule/ }).click();
  await expect(ana.getByText('There is no rule of your own.')).toBeVisible();
});

// S02
test('an owner cannot shut himself out', async ({ page, problems }) => {
  problems.allow(/status of 422/);
  await signUp(page, 'Ana Lima', 'ana.shut');
  await createCommunity(page, 'Shut');
  await write(page, 'shut', 'nobody manages rules', 'manage rules');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(page.locator('#rule-condition-error')).toContainText('would keep the owner from managing rules', { ignoreCase: true });
});

// S07
test('a rule is tried on what happened, and a decision explained', async ({ page }) => {
  test.setTimeout(90_000);
  await signUp(page, 'Ana Lima', 'ana.tries');
  await createCommunity(page, 'Trial');
  await open(page, '/c/trial/general');
  await say(page, 'one');
  await say(page, 'two');
  await expect(page.locator('li.message[data-state="pending"]')).toHaveCount(0);
  await expect(page.locator('li.message')).toHaveCount(2);
  await write(page, 'trial', 'silence', 'post messages');
  await page.getByRole('button', { name: 'Try it on the last 30 days' }).click();
  await expect(page.locator('#trial-summary')).toHaveText('Of 2 things, 2 would have been refused and 0 allowed.');
  await expect(page.locator('#trial')).toContainText('Ana Lima: post messages');
  // Nothing was kept, and nothing that was typed is lost.
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('silence');
  await expect(page.getByRole('checkbox', { name: 'post messages', exact: true })).toBeChecked();

  await page.goto('/c/trial/settings/rules/why', { waitUntil: 'networkidle' });
  await page.getByLabel('Who').fill('ana.tries');
  await page.getByLabel('Where').selectOption('general');
  await page.getByRole('button', { name: 'Ask why' }).click();
  await expect(page.getByRole('heading', { name: 'Ana Lima may post messages in #general' })).toBeVisible();
  await expect(page.locator('#answer')).toContainText('Decided by the rule: participants read, post, react and pin.');
  await expect(page.locator('.rule-steps li').last()).toContainText('applies, and allows');
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the pages of rules, ${theme}`, async ({ page }) => {
    test.setTimeout(90_000);
    await page.emulateMedia({ colorScheme: theme });
    await signUp(page, 'Ana Lima', `ana.rule.${theme}`);
    const name = theme === 'light' ? 'Ruleday' : 'Rulenight';
    const community = name.toLowerCase();
    await createCommunity(page, name);
    await write(page, community, 'no pins', 'pin messages', "actor.role == 'guest'");
    await page.getByRole('button', { name: 'Add rule' }).click();
    await expect(page.getByText('The rule was added.')).toBeVisible();
    for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      await page.setViewportSize(viewport);
      for (const path of ['', '/new', `/why?person=ana.rule.${theme}&action=channel.post&channel=general`]) {
        await page.goto(`/c/${community}/settings/rules${path}`, { waitUntil: 'networkidle' });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target).join(' · ')}`);
        expect(found, path).toEqual([]);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, `${path} does not scroll sideways`).toBeLessThanOrEqual(viewport.width);
      }
    }
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ problems }) => problems.allow(/preloaded using link preload but not used/));

  // S01, S07, U11
  test('rules are written, tried, ordered and removed by plain forms', async ({ page, problems }) => {
    problems.allow(/status of 422/);
    test.setTimeout(90_000);
    await signUp(page, 'Ana Lima', 'ana.plainrules');
    await createCommunity(page, 'Plainrules');
    await write(page, 'plainrules', 'quiet nights', 'post messages', 'now.hour');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await expect(page.locator('#rule-condition-error')).toContainText('not true or false');
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('quiet nights');
    await expect(page.getByRole('checkbox', { name: 'post messages', exact: true })).toBeChecked();
    await page.locator('#rule-condition').fill('now.hour < 6');
    await page.getByRole('button', { name: 'Try it on the last 30 days' }).click();
    await expect(page.locator('#trial-summary')).toContainText('Nothing');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await expect(page).toHaveURL(/done=added/);
    await rule(page, 'quiet nights').locator('input[name=priority]').fill('9');
    await rule(page, 'quiet nights').getByRole('button', { name: /^Set/ }).click();
    await expect(page.getByText('The rule has another priority.')).toBeVisible();
    await rule(page, 'quiet nights').getByRole('button', { name: /^Switch off/ }).click();
    await expect(rule(page, 'quiet nights').locator('.badge')).toHaveText('off');
    await rule(page, 'quiet nights').locator('summary').click();
    await rule(page, 'quiet nights').getByRole('button', { name: /^Remove rule/ }).first().click();
    await expect(page.getByText('There is no rule of your own.')).toBeVisible();
    await page.goto('/c/plainrules/settings/rules/why');
    await page.getByLabel('Who').fill('nobody.here');
    await page.getByRole('button', { name: 'Ask why' }).click();
    await expect(page.getByRole('alert')).toContainText('is nobody in this community');
  });
});
