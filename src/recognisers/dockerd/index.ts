import type { Program } from '../recogniser.ts'
import { eventsDie } from './events-die.ts'
import { eventsOom } from './events-oom.ts'

/** Docker, through `docker events`. */
export const dockerd: Program = {
  name: 'docker',
  speaks: ident => ident !== 'kernel',
  recognisers: [eventsOom, eventsDie],
}
