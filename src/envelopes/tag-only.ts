import { type Envelope, parsed } from './envelope.ts'
import { readTag, type Tag } from './sender.ts'

/** Daemons that are believed without a pid; any other word with a colon may be the kernel's own text. */
const DAEMONS = new Set(['kernel', 'containerd', 'kubelet', 'dockerd', 'crio', 'systemd', 'k3s', 'rke2'])

/** A time of day without its date, or the number of a line. */
const CLOCK = /^\d+(?::\d\d){0,2}(?:[.,]\d+)?$/

/** `kernel: text`, `containerd[1320]: text`, `node1 kernel: text`: the stamp was cut off. */
export const tagOnly: Envelope = {
  name: 'tag-only',
  source: 'syslog or journal text after cut, awk or a ticket system',
  samples: [
    {
      line: 'kernel:  dump_stack+0x19/0x1b',
      expect: { stamp: null, ident: 'kernel', message: ' dump_stack+0x19/0x1b' },
    },
    {
      line: 'containerd[1320]: "TaskOOM event"',
      expect: { ident: 'containerd', pid: 1320, message: '"TaskOOM event"' },
    },
    { line: 'containerd: time="x"', expect: { ident: 'containerd', pid: null, message: 'time="x"' } },
    { line: '09:22:41 kernel: Mem-Info:', expect: { stamp: null, host: null, ident: 'kernel', message: 'Mem-Info:' } },
    { line: 'node1 kernel: Mem-Info:', expect: { host: 'node1', ident: 'kernel', message: 'Mem-Info:' } },
  ],
  parse: text => {
    const first = text.charCodeAt(0)
    if (first === 32 || first === 91) return null
    const tag = readTag(text, 0)
    if (tag !== null) return isTelling(tag) ? withTag(text, null, tag) : null
    const blank = text.indexOf(' ')
    if (blank < 1 || blank > 255) return null
    const host = text.slice(0, blank)
    const second = readTag(text, blank + 1)
    if (second === null || !isTelling(second)) return null
    if (CLOCK.test(host)) return withTag(text, null, second)
    return /^[A-Za-z0-9][\w.-]*$/.test(host) ? withTag(text, host, second) : null
  },
}

function withTag(text: string, host: string | null, tag: Tag) {
  return parsed({
    host,
    ident: tag.ident,
    pid: tag.pid,
    message: text.slice(tag.textAt),
    width: tag.textAt,
    escapes: 'syslog',
  })
}

function isTelling(tag: Tag): boolean {
  return DAEMONS.has(tag.ident) || (tag.pid !== null && /^[\w.()@/-]+$/.test(tag.ident))
}
