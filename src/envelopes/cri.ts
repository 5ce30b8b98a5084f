import { type Envelope, parsed } from './envelope.ts'
import { readIso } from './iso-stamp.ts'
import { isCriStream } from './rsyslog-iso.ts'

/**
 * `2022-03-15T00:22:41.553168162Z stdout F text`; flag P: the stream's next line goes on with it.
 *
 * The text is a container's: its ident is the stream, so that kernel text in it counts only where it comes with an
 * envelope of its own (a shipper printing the node's log).
 */
export const cri: Envelope = {
  name: 'cri',
  source: 'kubernetes/kubernetes pkg/kubelet/kuberuntime/logs; containerd, CRI-O /var/log/pods',
  samples: [
    {
      line: '2022-03-15T00:22:41.553168162Z stderr F W0315 09:22:41.1       1 x.go:1] y',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.1682, iso: '2022-03-15T00:22:41.553168162Z' },
        stampFrom: 'syslog',
        ident: 'stderr',
        message: 'W0315 09:22:41.1       1 x.go:1] y',
        nested: true,
        partOf: null,
      },
    },
    {
      line: '2022-03-15T00:22:41.553168162Z stdout P half of a ',
      expect: { ident: 'stdout', message: 'half of a ', partOf: 'stdout' },
    },
    { line: '2022-03-15T00:22:41.553168162Z stdout F', expect: { message: '', partOf: null } },
  ],
  parse: text => {
    const read = readIso(text, 0)
    if (read === null || read.offset === null || text.charCodeAt(read.width) !== 32) return null
    const at = read.width + 1
    if (!isCriStream(text, at)) return null
    const stream = text.slice(at, at + 6)
    const blank = text.indexOf(' ', at + 8)
    const message = blank < 0 ? '' : text.slice(blank + 1)
    return parsed({
      stamp: read.stamp,
      ident: stream,
      message,
      nested: true,
      partOf: text[at + 7] === 'P' ? stream : null,
    })
  },
}
