/** When a bundle was taken, by the clock on its host's wall. */
export interface BundleDate {
  /** Of the wall clock, as if it were UTC, epoch ms. */
  readonly naiveMs: number
  /** IANA name or `+hh:mm`; null where only an abbreviation stands, which says too little. */
  readonly zone: string | null
}

/** What the bundle that a log lies in says of its host; null what it does not. */
export interface HostOf {
  readonly host: string | null
  readonly date: BundleDate | null
}
