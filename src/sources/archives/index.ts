import type { Archive } from './archive.ts'

/** Most frequent first. */
export const archives: readonly Archive[] = [
  { content: 'tar', load: async () => (await import('./tar.ts')).readTar },
  { content: 'zip', load: async () => (await import('./zip.ts')).readZip },
]
