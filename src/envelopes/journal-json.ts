import type { Envelope, EnvelopeReader } from './envelope.ts'
import { isJournal, parsedOfJournal } from './journal-fields.ts'
import { parseJsonLine } from './json-text.ts'

const KERNEL = '"_TRANSPORT":"kernel","__REALTIME_TIMESTAMP":"1647303761553168","_HOSTNAME":"node1","_BOOT_ID":"7a32"'

/** One object of journal fields a line; json-seq puts 0x1E before it, json-sse `data: `. */
export const journalJson: Envelope = {
  name: 'journal-json',
  source: 'systemd journalctl -o json, json-seq, json-sse',
  samples: [
    {
      line: `{${KERNEL},"_SOURCE_MONOTONIC_TIMESTAMP":"8523340112","MESSAGE":"Mem-Info:"}`,
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        stampFrom: 'journal',
        host: 'node1',
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        bootId: '7a32',
        message: 'Mem-Info:',
      },
    },
    {
      // as fluent-bit reads the journal
      line: '{"@timestamp":"2022-03-15T00:22:41.553Z","_TRANSPORT":"kernel","_HOSTNAME":"node1","_SOURCE_MONOTONIC_TIMESTAMP":"8523340112","MESSAGE":"Mem-Info:"}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553, iso: '2022-03-15T00:22:41.553Z' },
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        message: 'Mem-Info:',
      },
    },
    { line: `\x1e{${KERNEL},"MESSAGE":[101,115,99,27]}`, expect: { message: 'esc\x1b' } },
    {
      line: 'data: {"__REALTIME_TIMESTAMP":"1647303761553168","MESSAGE":"x","SYSLOG_IDENTIFIER":"containerd","_PID":"7"}',
      expect: { ident: 'containerd', pid: 7 },
    },
  ],
  open: openJournalJson,
}

/** A reader, not a function of the line: an object without a message is of this form, but no record. */
function openJournalJson(): EnvelopeReader {
  return {
    feed: (text, line) => {
      if (!text.includes('"MESSAGE"')) return null
      const fields = parseJsonLine(text)
      if (fields === null || !isJournal(fields)) return null
      const parsed = parsedOfJournal(fields)
      return parsed === null ? [] : [{ parsed, line }]
    },
    end: () => [],
  }
}
