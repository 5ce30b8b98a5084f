import { type Envelope, type Parsed, parsed } from './envelope.ts'
import { endOfSeconds, readPrintkPrefix } from './printk.ts'

/**
 * `[ 8523.340112] text`, `[ 8523.340112][ T1234] text`: dmesg, a serial console, BusyBox. Also with the opening bracket
 * lost, as the first line of a paste often has it.
 */
export const dmesg: Envelope = {
  name: 'dmesg',
  source: 'util-linux sys-utils/dmesg.c; torvalds/linux kernel/printk/printk.c info_print_prefix()',
  after: ['journal-short-monotonic'],
  samples: [
    {
      line: '[ 8523.340112] VM Thread invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984',
      expect: {
        stamp: null,
        stampFrom: 'kernel',
        host: null,
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        caller: null,
        message: 'VM Thread invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984',
        width: 15,
        escapes: 'dmesg',
      },
    },
    {
      line: '[ 8523.340112][ T1234]  <TASK>',
      expect: { uptimeSeconds: 8523.340112, caller: 'T1234', message: ' <TASK>' },
    },
    { line: '[ 8523.340112] [    C0] Call Trace:', expect: { caller: 'C0', message: 'Call Trace:' } },
    {
      line: '[7436967.421851] [31439]     0 31439   151550    52309     128        0             0 heapster',
      expect: {
        uptimeSeconds: 7436967.421851,
        message: '[31439]     0 31439   151550    52309     128        0             0 heapster',
      },
    },
    {
      line: '5193605.506728] Task in /a killed',
      expect: { uptimeSeconds: 5193605.506728, message: 'Task in /a killed' },
    },
    {
      line: '[    3.123456] usb 1-1: new device',
      expect: { host: null, ident: 'kernel', message: 'usb 1-1: new device' },
    },
  ],
  parse: text => parseDmesg(text, 0),
}

/** Reads the form from `at`, where a prefix of another form ends. */
export function parseDmesg(text: string, at: number): Parsed | null {
  const prefix = readPrintkPrefix(text, at)
  if (prefix !== null) return kernelText(text, at + prefix.width, prefix.seconds, prefix.caller)
  const close = endOfSeconds(text, at)
  if (close < 0 || !text.startsWith('] ', close)) return null
  return kernelText(text, close + 2, Number(text.slice(at, close)), null)
}

/** A kernel line of dmesg whose text begins at `at`. */
export function kernelText(text: string, at: number, uptimeSeconds: number | null, caller: string | null): Parsed {
  return {
    stamp: null,
    stampFrom: 'kernel',
    host: null,
    ident: 'kernel',
    pid: null,
    uptimeSeconds,
    caller,
    bootId: null,
    message: text.slice(at),
    width: at,
    escapes: 'dmesg',
    nested: false,
    partOf: null,
  }
}

/** `<4>[ 8523.340112] text`. */
export const procKmsg: Envelope = {
  name: 'proc-kmsg',
  source: 'torvalds/linux /proc/kmsg; util-linux dmesg -r',
  samples: [
    {
      line: '<4>[ 8523.340112] Mem-Info:',
      expect: {
        stampFrom: 'kernel',
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        message: 'Mem-Info:',
        escapes: 'none',
      },
    },
    { line: '<3>[   12.000001][    C1] x', expect: { caller: 'C1', message: 'x' } },
  ],
  parse: text => {
    if (text.charCodeAt(0) !== 60) return null
    const end = text.indexOf('>')
    if (end < 2 || end > 4 || !/^\d+$/.test(text.slice(1, end))) return null
    const prefix = readPrintkPrefix(text, end + 1)
    if (prefix === null) return null
    return parsed({
      stampFrom: 'kernel',
      ident: 'kernel',
      uptimeSeconds: prefix.seconds,
      caller: prefix.caller,
      message: text.slice(end + 1 + prefix.width),
      width: end + 1 + prefix.width,
    })
  },
}
