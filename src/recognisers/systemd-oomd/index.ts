import type { Program } from '../recogniser.ts'
import { cgroupKilled } from './cgroup-killed.ts'

/** systemd-oomd. */
export const systemdOomd: Program = {
  name: 'systemd-oomd',
  speaks: ident => ident === null || ident === 'systemd-oomd',
  recognisers: [cgroupKilled],
}
