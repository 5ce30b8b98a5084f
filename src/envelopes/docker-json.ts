import { type Envelope, parsed } from './envelope.ts'
import { parseJsonLine, stampOf } from './json-text.ts'

/** dockerd cuts text into pieces of this many bytes; only the last ends in a line feed. */
const PIECE_BYTES = 16 * 1024

/** `{"log":"text\n","stream":"stdout","time":"…Z"}`. As with CRI, the ident is the stream. */
export const dockerJson: Envelope = {
  name: 'docker-json',
  source: 'moby/moby daemon/logger/jsonfilelog',
  samples: [
    {
      line: '{"log":"I0315 x\\n","stream":"stderr","time":"2022-03-15T00:22:41.553168162Z"}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.1682, iso: '2022-03-15T00:22:41.553168162Z' },
        stampFrom: 'syslog',
        ident: 'stderr',
        message: 'I0315 x',
        nested: true,
        partOf: null,
      },
    },
  ],
  parse: text => {
    if (!text.startsWith('{"log":"') || !text.includes('"stream":"')) return null
    const object = parseJsonLine(text)
    if (object === null || typeof object['log'] !== 'string' || typeof object['stream'] !== 'string') return null
    if ('kubernetes' in object) return null
    const log = object['log']
    const isCut = !log.endsWith('\n') && Buffer.byteLength(log) >= PIECE_BYTES
    return parsed({
      stamp: stampOf(object['time']),
      ident: object['stream'],
      message: log.replace(/\r?\n$/, ''),
      nested: true,
      partOf: isCut ? object['stream'] : null,
    })
  },
}
