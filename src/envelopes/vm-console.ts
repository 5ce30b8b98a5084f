import { type Envelope, type Parsed, parsed } from './envelope.ts'
import { readIso } from './iso-stamp.ts'
import { ownTimeOf } from './own-time.ts'
import { readPrintkPrefix } from './printk.ts'

/** Programs whose log holds a guest's console, so that the text behind their name is a kernel's. */
const CONSOLES =
  /(?:^|[\s/.])(?:com\.docker\.)?(?:hyperkit|vfkit|xhyve|qemu[\w-]*|virtqemud|firecracker|cloud-hypervisor)(?:\[\d+\])?$/

/** Whether a program of this name prints a guest's console. */
export function isConsoleOfGuest(ident: string): boolean {
  return CONSOLES.test(ident)
}

const KATA_CONSOLE = / vmconsole="((?:[^"\\]|\\.)*)"?\s*$/

/**
 * What the guest's console said, in a line of Kata's shim: `… msg="reading guest console" … vmconsole="[ 12.3] text"`.
 * Its kernel is not the node's: its host is the sandbox.
 */
export function insideKata(given: Parsed): Parsed | null {
  const { message } = given
  const at = message.indexOf(' vmconsole="')
  const said = at < 0 ? undefined : KATA_CONSOLE.exec(message.slice(at))?.[1]
  if (said === undefined) return null
  const own = ownTimeOf(message)
  return {
    ...given,
    stamp: own === null ? given.stamp : { kind: 'full', ms: own.ms, iso: own.iso },
    host: / sandbox=(\w{1,128})/.exec(message)?.[1] ?? given.host,
    ident: 'kernel',
    pid: null,
    message: said.replace(/\\(["\\])/g, '$1'),
  }
}

/**
 * `2019-10-06 12:57:33.928398+0200 … com.docker.hyperkit: [47517.500417] text`: a guest's console inside its host's log.
 * Only where the kernel's own stamp follows the name at once.
 */
export const vmConsole: Envelope = {
  name: 'vm-console',
  source: 'Docker Desktop for Mac; macOS log show',
  samples: [
    {
      line: '2019-10-06 12:57:33.928398+0200 0x1f  Default  0x0  737  0  com.docker.hyperkit: [47517.500417] Task in /a',
      expect: {
        stamp: { kind: 'full', ms: 1570359453928.398, iso: '2019-10-06T12:57:33.928398+02:00' },
        stampFrom: 'syslog',
        host: null,
        ident: 'kernel',
        uptimeSeconds: 47517.500417,
        message: 'Task in /a',
      },
    },
  ],
  parse: text => {
    const name = text.indexOf(': [')
    if (name < 0 || name > 300 || !isConsoleOfGuest(text.slice(0, name))) return null
    const prefix = readPrintkPrefix(text, name + 2)
    if (prefix === null) return null
    const read = readIso(text, 0, ' ') ?? readIso(text, 0)
    const textAt = name + 2 + prefix.width
    return parsed({
      stamp: read?.stamp ?? null,
      ident: 'kernel',
      uptimeSeconds: prefix.seconds,
      caller: prefix.caller,
      message: text.slice(textAt),
      width: textAt,
    })
  },
}
