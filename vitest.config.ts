import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A process for many files: loading what they share takes longer than most of them. Each has a database of its own.
    isolate: false,
    // Two cores are all that CI has; more files at once only wait for each other.
    maxWorkers: 2,
  },
});
