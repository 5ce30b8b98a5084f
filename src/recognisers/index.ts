import { containerd } from './containerd/index.ts'
import { crio } from './crio/index.ts'
import { dockerd } from './dockerd/index.ts'
import { earlyoom } from './earlyoom/index.ts'
import { journald } from './journald/index.ts'
import { kernel } from './kernel/index.ts'
import { kubelet } from './kubelet/index.ts'
import { oomd } from './oomd/index.ts'
import { printk } from './printk/index.ts'
import type { Program } from './recogniser.ts'
import { rsyslog } from './rsyslog/index.ts'
import { systemd } from './systemd/index.ts'
import { systemdOomd } from './systemd-oomd/index.ts'
import { talos } from './talos/index.ts'

/**
 * All programs that are understood.
 *
 * By how many lines each has: the kernel writes whole reports, the runtimes and the kubelet a few lines for every
 * container, the rest seldom anything. No message is understood by two programs, so the order decides nothing else.
 */
export const programs: readonly Program[] = [
  kernel,
  containerd,
  kubelet,
  systemd,
  crio,
  dockerd,
  rsyslog,
  journald,
  printk,
  systemdOomd,
  earlyoom,
  oomd,
  talos,
]
