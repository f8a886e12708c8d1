// A Thunderline of the tests' own: the release binary, in a process of its own, on a free port, with a data
// folder that is thrown away. `make test` builds the binary and says where it is; so does `.ci/env`.
import { test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const READY = /^Thunderline is ready at (http:\/\/\S+?)\/?$/;
const START_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 15_000;
const LOG_LINES = 400;

export type ServerOptions = {
  /** A PostgreSQL database to use in place of the embedded one. */
  databaseUrl?: string;
  /** What else the server finds in its environment. */
  env?: Record<string, string>;
};

// A worker that is ended early leaves no server behind.
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Server {
  /** The last lines that the server wrote: a failing test shows them. */
  readonly log: string[] = [];
  private process: ChildProcess | undefined;
  private address = '127.0.0.1:0';

  private constructor(
    /** The data folder; `dispose` removes it. */
    readonly data: string,
    private readonly options: ServerOptions,
  ) {}

  /** Starts a server that has never been used. */
  static async fresh(options: ServerOptions = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'thunderline-')), options);
    try {
      await server.start();
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  /** Where it listens, such as `http://127.0.0.1:40123`. The same after a restart. */
  get url(): string {
    return `http://${this.address}`;
  }

  /** Starts it on the data that is there, at the address it had before. */
  async start(): Promise<void> {
    if (this.process) throw new Error('The server is running already.');
    const binary = process.env['THUNDERLINE_BINARY'];
    if (!binary) throw new Error('THUNDERLINE_BINARY is not set: run `make test`, or `. .ci/env` first.');
    const child = spawn(binary, {
      env: {
        ...process.env,
        ...(this.options.databaseUrl ? { DATABASE_URL: this.options.databaseUrl } : {}),
        ...this.options.env,
        LEPTOS_ENV: 'PROD',
        THUNDERLINE_LISTEN: this.address,
        THUNDERLINE_DATA: this.data,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    // Both are read to the end, or a full pipe would stop the server.
    createInterface({ input: child.stderr }).on('line', (line) => this.note(line));
    const lines = createInterface({ input: child.stdout }).on('line', (line) => this.note(line));

    const tooLate = AbortSignal.timeout(START_WITHIN_MS);
    const ready = new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        const address = READY.exec(line)?.[1];
        if (address) resolve(address);
      });
      child.once('error', reject);
      // "close" and not "exit": its last words are in the log by then.
      child.once('close', (code, signal) => reject(new Error(`it ended with ${signal ?? code}`)));
      tooLate.addEventListener('abort', () => reject(new Error(`it was not ready after ${START_WITHIN_MS} ms`)));
    });
    try {
      this.address = new URL(await ready).host;
    } catch (error) {
      await this.kill();
      throw new Error(`The server did not start: ${String(error)}\n${this.log.join('\n')}`);
    }
  }

  /** Asks it to stop, as an operator would, and waits until it has. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends it in the middle of whatever it does: `kill -9`. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops it and starts it again on the same address and data. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends it and throws its data away. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    let stubborn = false;
    const tooLate = setTimeout(() => {
      stubborn = true;
      child.kill('SIGKILL');
    }, STOP_WITHIN_MS);
    await ended;
    clearTimeout(tooLate);
    if (stubborn) throw new Error(`The server did not stop within ${STOP_WITHIN_MS} ms.\n${this.log.join('\n')}`);
  }

  private note(line: string): void {
    this.log.push(line);
    if (this.log.length > LOG_LINES) this.log.shift();
  }
}

/** What the browser complained about while a test ran. Anything that is left over fails the test. */
export class Problems {
  private readonly found: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** For a test that provokes a complaint, such as one that takes the network away. */
  allow(complaint: RegExp): void {
    this.allowed.push(complaint);
  }

  /** Listens to every page of the context, those that it opens later too. */
  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      this.found.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.found.push(`page error: ${error.error().stack ?? error.error().message}`));
  }

  get unexpected(): string[] {
    return this.found.filter((problem) => !this.allowed.some((complaint) => complaint.test(problem)));
  }
}

type TestFixtures = {
  /** The browser's complaints in this test. */
  problems: Problems;
  /** A page of somebody else: a browser context of its own, with its own cookies, on the same server. */
  visitor: (options?: BrowserContextOptions) => Promise<Page>;
  /** A server for this test alone, to stop, kill or start again, or to be the first to sign up on. */
  freshServer: (options?: ServerOptions) => Promise<Server>;
  nothingLeftOver: void;
};

type WorkerFixtures = {
  /** How the worker's server is started: `test.use({ serverOptions: { databaseUrl } })` at the head of a file. */
  serverOptions: ServerOptions;
  /** The server that the tests of one worker share. */
  server: Server;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  serverOptions: [{}, { option: true, scope: 'worker' }],

  server: [
    async ({ serverOptions }, use) => {
      const server = await Server.fresh(serverOptions);
      await use(server);
      await server.dispose();
    },
    { scope: 'worker', timeout: START_WITHIN_MS + STOP_WITHIN_MS },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  problems: async ({}, use) => use(new Problems()),

  context: async ({ context, problems }, use) => {
    problems.watch(context);
    await use(context);
  },

  visitor: async ({ browser, baseURL, problems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...(baseURL ? { baseURL } : {}), ...options });
      contexts.push(context);
      problems.watch(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  freshServer: async ({}, use, testInfo) => {
    const servers: Server[] = [];
    await use(async (options = {}) => {
      const server = await Server.fresh(options);
      servers.push(server);
      return server;
    });
    for (const [nth, server] of servers.entries()) {
      await server.dispose();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach(`log of server ${nth + 1} of this test`, { body: server.log.join('\n') });
      }
    }
  },

  nothingLeftOver: [
    async ({ problems, server }, use, testInfo) => {
      await use();
      const { unexpected } = problems;
      if (unexpected.length > 0 || testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('server log', { body: server.log.join('\n') });
      }
      if (unexpected.length > 0) throw new Error(`The browser complained:\n  ${unexpected.join('\n  ')}`);
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';
