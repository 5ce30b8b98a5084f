import type { Program } from '../recogniser.ts'
import { processKilled } from './process-killed.ts'

/** earlyoom, as a service or in a shell. Its sentences are too plain to be believed under another tag. */
export const earlyoom: Program = {
  name: 'earlyoom',
  speaks: ident => ident === null || ident === 'earlyoom',
  recognisers: [processKilled],
}
