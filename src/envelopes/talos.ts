import { type Envelope, parsed } from './envelope.ts'
import { readIso } from './iso-stamp.ts'

const HEAD = /^(?:([\w.:-]{2,80}): )? ?([a-z]+[0-7]?): +([a-z]+): \[(?=\d{4}-)/

/** `kern: warning: [2025-05-18T15:40:20.653515542Z]: text`, several nodes at once with `10.0.0.1: ` before. */
export const talos: Envelope = {
  name: 'talos',
  source: 'siderolabs/talos pkg/kernel/kmsg; talosctl dmesg',
  samples: [
    {
      line: 'kern: warning: [2025-05-18T15:40:20.653515542Z]: apid invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
      expect: {
        stamp: { kind: 'full', ms: 1747582820653.5156, iso: '2025-05-18T15:40:20.653515542Z' },
        stampFrom: 'kernel',
        host: null,
        ident: 'kernel',
        message: 'apid invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
      },
    },
    {
      line: '10.200.70.91: kern:    info: [2025-06-04T04:51:57.572293906Z]: Mem-Info:',
      expect: { host: '10.200.70.91', ident: 'kernel', message: 'Mem-Info:' },
    },
    {
      line: 'user: warning: [2026-01-12T20:27:31.913975631Z]: [talos] Sending SIGKILL to cgroup {}',
      expect: { stampFrom: 'syslog', ident: 'talos', message: '[talos] Sending SIGKILL to cgroup {}' },
    },
  ],
  parse: text => {
    const head = HEAD.exec(text)
    if (head === null) return null
    const read = readIso(text, head[0].length)
    if (read === null || read.offset === null) return null
    const end = head[0].length + read.width
    if (!text.startsWith(']:', end)) return null
    const textAt = text.charCodeAt(end + 2) === 32 ? end + 3 : end + 2
    const message = text.slice(textAt)
    const isKernel = head[2] === 'kern'
    return parsed({
      stamp: read.stamp,
      stampFrom: isKernel ? 'kernel' : 'syslog',
      host: head[1] ?? null,
      ident: isKernel ? 'kernel' : message.startsWith('[talos] ') ? 'talos' : head[2]!,
      message,
      width: textAt,
    })
  },
}
