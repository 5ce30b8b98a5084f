import { type Envelope, parsed } from './envelope.ts'
import { readPrintkPrefix } from './printk.ts'

/** `2023-12-04T10:49:30.125Z In(05) vcpu-5 - `, up to ESXi 7 `2019-12-04T10:49:30.125Z| vcpu-5| I125: `. */
const HEAD =
  /^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z\|?(?: \S{1,12})? vcpu-\d{1,4}(?: -|\| \S{1,8}:) Guest: (?:<\d{1,3}>)?(?=\[)/

/**
 * A guest's kernel log inside the host's log of the virtual machine. It is written all at once when the guest panics, so
 * the host's stamp is not the time of the line.
 */
export const vmwareGuest: Envelope = {
  name: 'vmware-guest',
  source: 'VMware ESXi vmware.log; vmware/photon panic handler',
  samples: [
    {
      line: '2023-12-04T10:49:30.125Z In(05) vcpu-5 - Guest: <4>[391577.009300] java invoked oom-killer: gfp_mask=0xcc0',
      expect: {
        stamp: null,
        host: null,
        ident: 'kernel',
        uptimeSeconds: 391577.0093,
        message: 'java invoked oom-killer: gfp_mask=0xcc0',
      },
    },
    {
      line: '2019-12-04T10:49:30.125Z| vcpu-5| I125: Guest: <6>[391577.009360] Tasks state (memory values in pages):',
      expect: { stamp: null, uptimeSeconds: 391577.00936, message: 'Tasks state (memory values in pages):' },
    },
  ],
  parse: text => {
    if (text.charCodeAt(10) !== 84) return null
    const head = HEAD.exec(text)
    if (head === null) return null
    const prefix = readPrintkPrefix(text, head[0].length)
    if (prefix === null) return null
    const textAt = head[0].length + prefix.width
    return parsed({
      stampFrom: 'kernel',
      ident: 'kernel',
      uptimeSeconds: prefix.seconds,
      caller: prefix.caller,
      message: text.slice(textAt),
      width: textAt,
    })
  },
}
