import { expect, test } from './server.js';
import { createCommunity, joinCommunity, live, message, messages, open, say, signUp } from './people.js';

// U01, U02, U03, M01, M11, M13, M21, C13
test('two people talk: messages, typing, presence, edits, deletions and unread counts are live', async ({ page: ana, visitor }) => {
  test.setTimeout(90_000);
  await signUp(ana, 'Ana Lima', 'ana.chat');
  await createCommunity(ana, 'Harbour');
  await open(ana, '/c/harbour/general');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.chat');
  await joinCommunity(bo, 'Harbour');
  await open(bo, '/c/harbour/general');

  await say(ana, 'hello **Bo**');
  await expect(message(bo, 'hello Bo').locator('strong')).toHaveText('Bo');
  await expect(message(ana, 'hello Bo')).not.toHaveAttribute('data-state', 'pending');
  await expect(ana.locator('#composer-body')).toBeFocused();

  await bo.locator('#composer-body').pressSequentially('hm');
  await expect(ana.locator('.typing')).toContainText('Bo Okri is typing');
  await bo.locator('#composer-body').press('Enter');
  await expect(message(ana, 'hm')).toBeVisible();
  await expect(ana.locator('.typing')).not.toContainText('typing');

  await message(ana, 'hello Bo').hover();
  await message(ana, 'hello Bo').getByTitle('Edit').click();
  const edit = ana.locator('.message-edit textarea');
  await expect(edit).toHaveValue('hello **Bo**');
  await edit.fill('hello **Benjamin**');
  await edit.press('Enter');
  await expect(message(bo, 'hello Benjamin')).toContainText('edited');

  // Read marks follow the eye by a second: the third message is read before Bo looks elsewhere.
  const read = bo.waitForResponse((answer) => answer.url().includes('mark_read') && !!answer.request().postData()?.includes('position=3'));
  await say(ana, 'said too much');
  await expect(message(bo, 'said too much')).toBeVisible();
  await message(ana, 'said too much').hover();
  await message(ana, 'said too much').getByTitle('Delete').click();
  await ana.locator('dialog button[data-kind=danger]').click();
  await expect(message(bo, 'said too much')).toHaveCount(0);
  await expect(bo.locator('li.message[data-state=deleted]')).toHaveCount(1);

  await read;
  await open(bo, '/c/harbour/announcements');
  await say(ana, 'one');
  await say(ana, 'two');
  const general = bo.locator('a.channel[href="/c/harbour/general"]');
  await expect(general).toHaveAttribute('data-unread', /.*/);
  await expect(general).toContainText('2');
  await general.click();
  await expect(message(bo, 'two')).toBeVisible();
  await expect(general).not.toHaveAttribute('data-unread', /.*/);

  await ana.goto('/c/harbour/general?panel=members');
  await live(ana);
  await expect(ana.locator('.panel .avatar[data-presence=online]')).toHaveCount(2);
});

// M27, U05, U06, Q02
test('offline words wait and go out once and in order; a killed server loses nothing', async ({ freshServer, visitor, problems }) => {
  test.setTimeout(120_000);
  problems.allow(/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|WebSocket|Failed to (load|fetch)|ERR_NETWORK|net::ERR/);
  const server = await freshServer();
  const [ana, bo] = [await visitor({ baseURL: server.url }), await visitor({ baseURL: server.url })];
  await signUp(ana, 'Ana', 'ana');
  await createCommunity(ana, 'Harbour');
  await open(ana, '/c/harbour/general');
  await signUp(bo, 'Bo', 'bo');
  await joinCommunity(bo, 'Harbour');
  await open(bo, '/c/harbour/general');

  await bo.context().setOffline(true);
  await expect(bo.locator('.connection')).toHaveAttribute('data-state', 'offline');
  for (const text of ['off one', 'off two', 'off three']) await say(bo, text);
  await expect(bo.locator('li.message[data-state=pending]')).toHaveCount(3);
  await say(ana, 'while Bo is away');
  await bo.context().setOffline(false);
  await live(bo);
  await expect(messages(ana).filter({ hasText: 'off' })).toHaveText(['off one', 'off two', 'off three']);
  await expect(bo.locator('li.message[data-state=pending]')).toHaveCount(0);

  await server.kill();
  await expect(bo.locator('.connection')).toHaveAttribute('data-state', 'reconnecting');
  await say(bo, 'during the crash');
  await server.start();
  await expect(message(ana, 'during the crash')).toHaveCount(1, { timeout: 40_000 });
  await live(bo);
  await expect(bo.locator('li.message[data-state=pending]')).toHaveCount(0);
  const all = ['while Bo is away', 'off one', 'off two', 'off three', 'during the crash'];
  for (const page of [ana, bo]) {
    await page.reload();
    await live(page);
    await expect(messages(page)).toHaveText(all);
  }
});

// M25, U04
test('paging back shows every message once and new messages do not move a reader', async ({ page: ana, visitor }) => {
  test.setTimeout(120_000);
  await signUp(ana, 'Ana', 'ana.pages');
  await createCommunity(ana, 'Archive');
  await open(ana, '/c/archive/general');
  for (let n = 1; n <= 60; n++) await say(ana, `line ${n}`);
  await expect(messages(ana).last()).toHaveText('line 60');
  await expect(ana.locator('li.message[data-state=pending]')).toHaveCount(0, { timeout: 30_000 });
  const bo = await visitor();
  await signUp(bo, 'Bo', 'bo.pages');
  await joinCommunity(bo, 'Archive');
  await open(bo, '/c/archive/general');
  await expect(messages(bo)).toHaveCount(50);
  await bo.locator('#scroller').evaluate((it) => it.scrollTo(0, -it.scrollHeight));
  await expect(messages(bo)).toHaveCount(60);
  await expect(messages(bo)).toHaveText(Array.from({ length: 60 }, (_, n) => `line ${n + 1}`));
  await say(ana, 'news');
  await expect(bo.locator('.pill')).toBeVisible();
  await bo.locator('.pill').click();
  await expect(message(bo, 'news')).toBeInViewport();
});

// C13
test('who goes elsewhere at once has read what was in view', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana Lima', 'ana.leaves');
  await createCommunity(ana, 'Ferry');
  await open(ana, '/c/ferry/announcements');
  const bo = await visitor();
  await signUp(bo, 'Bo Okri', 'bo.leaves');
  await joinCommunity(bo, 'Ferry');
  await open(bo, '/c/ferry/general');
  await say(bo, 'are you there?');
  const general = ana.locator('a.channel[href="/c/ferry/general"]');
  await expect(general).toHaveAttribute('data-unread', /.*/);
  await general.click();
  await expect(message(ana, 'are you there?')).toBeVisible();
  await ana.locator('a.channel[href="/c/ferry/announcements"]').click();
  await expect(ana).toHaveURL(/announcements$/);
  await expect(general).not.toHaveAttribute('data-unread', /.*/);
  await ana.reload();
  await expect(general).not.toHaveAttribute('data-unread', /.*/);
});

// M32
test('a long message is folded until somebody wants all of it', async ({ page }) => {
  await signUp(page, 'Ana Lima', 'ana.folds');
  await createCommunity(page, 'Scrolls');
  await open(page, '/c/scrolls/general');
  await say(page, Array.from({ length: 40 }, (_, number) => `line ${number}`).join('\n'));
  const body = message(page, 'line 0').locator('.message-body');
  const folded = (await body.boundingBox())?.height ?? 0;
  await message(page, 'line 0').getByLabel('Show all').check();
  await expect.poll(async () => (await body.boundingBox())?.height ?? 0).toBeGreaterThan(folded * 1.5);
  await message(page, 'line 0').getByLabel('Show less').uncheck();
  await expect.poll(async () => (await body.boundingBox())?.height ?? 0).toBe(folded);
});
