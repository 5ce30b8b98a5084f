import type { Program } from '../recogniser.ts'
import { unitFailed } from './unit-failed.ts'
import { unitOomKilled } from './unit-oom-killed.ts'
import { unitOomdKilled } from './unit-oomd-killed.ts'

/** systemd: the system's and the users' managers, so any tag but the kernel's. */
export const systemd: Program = {
  name: 'systemd',
  speaks: ident => ident !== 'kernel',
  recognisers: [unitOomKilled, unitFailed, unitOomdKilled],
}
