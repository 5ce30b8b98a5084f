import type { Program } from '../recogniser.ts'
import { cgroupKilled } from './cgroup-killed.ts'

/** The OOM controller of Talos Linux; machined writes to the kernel's log. */
export const talos: Program = {
  name: 'talos',
  speaks: () => true,
  recognisers: [cgroupKilled],
}
