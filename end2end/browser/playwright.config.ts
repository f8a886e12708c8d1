import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

// Debian's Chromium, or the one that CHROMIUM names; Playwright's own download is never used.
function chromium(): string {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = join(folder, 'chromium');
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error('Chromium is not on PATH: install the package chromium, or let CHROMIUM name one.');
}

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // A test that passes at the second try has found something, so there is no second try.
  retries: 0,
  // Each worker has a browser and a server of its own: more of them would measure the machine.
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  // Two cores also compile now and then: a story has a minute, each step its five seconds.
  timeout: 60_000,
  expect: { timeout: 5_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ? [['list'], ['json']] : [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
