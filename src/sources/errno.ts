import { SourceError } from './source.ts'

/** Said in the words of the manual pages, so that they are found by a search. */
const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  EBADF: 'not open for reading',
  EIO: 'input/output error',
  EMFILE: 'too many open files',
  ENXIO: 'no such device or address',
  ECONNREFUSED: 'nobody listens on this socket',
  ESTALE: 'stale file handle',
  ENOSPC: 'no space left on device',
}

export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** The system's trouble in plain words, the code kept: `permission denied (EACCES)`. */
export function describeErrno(error: unknown): string {
  const code = errnoOf(error)
  if (code !== null) return code in words ? `${words[code]} (${code})` : `${(error as Error).message} (${code})`
  return error instanceof Error ? error.message : String(error)
}

/** Any failure as a {@link SourceError}; one that already is stays as it is. */
export const asSourceError = (path: string, doing: string, error: unknown): SourceError =>
  error instanceof SourceError ? error : new SourceError(path, `${doing}: ${describeErrno(error)}`, { cause: error })
