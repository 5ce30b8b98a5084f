import type { Program } from '../recogniser.ts'
import { cgroupKilled } from './cgroup-killed.ts'

/** oomd of Facebook; it writes to the kernel's log, so it speaks under the kernel's tag. */
export const oomd: Program = {
  name: 'oomd',
  speaks: ident => ident === null || ident === 'kernel' || ident === 'oomd',
  recognisers: [cgroupKilled],
}
