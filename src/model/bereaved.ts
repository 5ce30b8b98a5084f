/** A container that lost a process, by name as far as the log tells; null what it does not. */
export interface Bereaved {
  readonly containerId: string
  readonly name: string | null
  readonly pod: string | null
  readonly namespace: string | null
}
