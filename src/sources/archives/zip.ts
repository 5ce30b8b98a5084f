import yauzl from 'yauzl'
import { SourceError } from '../source.ts'
import type { ArchiveContext, ArchiveEntry } from './archive.ts'
import { type Spool, spool } from './spool.ts'
import { readByHeaders } from './zip-headers.ts'
import { describeMember, nameOf } from './zip-member.ts'

/**
 * zip, by its directory at the end, so it is put on disk first: what is named may be a pipe or lie in another archive. Where
 * the directory is cut off or damaged, the members that it does not tell are looked for by the headers in front of them.
 */
export async function* readZip(source: AsyncIterable<Buffer>, context: ArchiveContext): AsyncGenerator<ArchiveEntry> {
  const { path, tmpDir } = context
  const file = await spool(source, path, tmpDir)
  try {
    /** Where the headers of the members stand that the directory told. */
    const told = new Set<number>()
    let trouble: SourceError
    try {
      yield* byDirectory(file, path, told)
      if (file.failure === null) return
      trouble = file.failure
    } catch (error) {
      trouble =
        file.failure ??
        (error instanceof SourceError
          ? error
          : new SourceError(path, whatIsWrong(error as Error, file.bytes), { cause: error }))
    }
    yield* readByHeaders(file, told, trouble, context)
    throw trouble
  } finally {
    await file.close()
  }
}

/** Names are taken as bytes, since the library ends at the first that leads out of the archive. */
async function* byDirectory(file: Spool, path: string, told: Set<number>): AsyncGenerator<ArchiveEntry> {
  const zip = await yauzl.fromFdPromise(file.handle.fd, { autoClose: false, decodeStrings: false })
  for await (const entry of zip.eachEntry()) {
    const begins = async () => (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart
    const name = nameOf(entry.fileName as unknown as Buffer) // decodeStrings is false
    const described = { ...entry, mtimeMs: entry.getLastModDate().getTime() }
    const member = await describeMember({ file, entry: described, name, begins, path, cut: null })
    told.add(entry.relativeOffsetOfLocalHeader)
    yield member
  }
}

function whatIsWrong({ message }: Error, bytes: number): string {
  return message.startsWith('End of central directory record signature not found')
    ? `zip: truncated at byte ${bytes}; what came before it was read`
    : `zip: damaged: ${message}; its members were looked for one by one`
}
