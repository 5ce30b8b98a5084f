import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { OOMLENS_VERSION: '"0.0.0"' },
  test: {
    include: ['test/**/*.test.ts'],
    // properties and real logs take their time on a slow machine; a test never measures it
    testTimeout: 120_000,
  },
})
