import type { Archive } from './archive.ts'

/** Most frequent first. */
export const archives: readonly Archive[] = [
  { content: 'tar', isRandomAccess: false, load: async () => (await import('./tar.ts')).readTar },
  { content: 'zip', isRandomAccess: true, load: async () => (await import('./zip.ts')).readZip },
]
