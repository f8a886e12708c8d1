import { expect, test } from './server.js';
import { createCommunity, live, open, say, signUp } from './people.js';

// What the floor allows, in bytes on the wire.
const MOST = 500_000;
// Less than this is no first load: something was not counted.
const LEAST = 200_000;

// U11: whoever opens a channel for the first time waits for no more than it takes.
test('the first load of a channel is within what is allowed', async ({ page: ana, visitor }) => {
  await signUp(ana, 'Ana Lima', 'ana.first');
  await createCommunity(ana, 'First');
  await open(ana, '/c/first/general');
  await say(ana, 'Good morning');
  const fresh = await visitor({ storageState: await ana.context().storageState() });
  const finished: Promise<number>[] = [];
  fresh.on('requestfinished', (request) => finished.push(request.sizes().then((sizes) => sizes.responseBodySize)));
  await fresh.goto('/c/first/general', { waitUntil: 'networkidle' });
  await live(fresh);
  const bytes = (await Promise.all(finished)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(LEAST);
  expect(bytes).toBeLessThanOrEqual(MOST);
});
