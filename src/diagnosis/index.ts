/**
 * The rules, most important first: what happened to the node, whose limit, who died by mistake, what filled the memory,
 * why this process, the story over time, and last what the log lacks. The order decides among findings of one severity.
 */
import { afterQuiet } from './after-quiet.ts'
import { allocatableLimit } from './allocatable-limit.ts'
import { bestEffortFirst } from './best-effort-first.ts'
import { bystander } from './bystander.ts'
import { cgroupLimit } from './cgroup-limit.ts'
import { clockAligned } from './clock-aligned.ts'
import { confirmed } from './confirmed.ts'
import { containerLimit } from './container-limit.ts'
import { crashLoop } from './crash-loop.ts'
import { currentUse } from './current-use.ts'
import { diesAtStart } from './dies-at-start.ts'
import { dirtyPages } from './dirty-pages.ts'
import { evicted } from './evicted.ts'
import { fragmentation } from './fragmentation.ts'
import { goProgram } from './go-program.ts'
import { growingShare } from './growing-share.ts'
import { headroomContradiction } from './headroom-contradiction.ts'
import { hugePages } from './huge-pages.ts'
import { identityMissing } from './identity-missing.ts'
import { initContainer } from './init-container.ts'
import { jvm } from './jvm.ts'
import { kernelMemory } from './kernel-memory.ts'
import { kernelPanic } from './kernel-panic.ts'
import { kernelSlab } from './kernel-slab.ts'
import { kernelStacks } from './kernel-stacks.ts'
import { kmemLimit } from './kmem-limit.ts'
import { knownLeak } from './known-leak.ts'
import { limitBelowStartup } from './limit-below-startup.ts'
import { limitChanged } from './limit-changed.ts'
import { limitLowered } from './limit-lowered.ts'
import { limitRaised } from './limit-raised.ts'
import { lockedMemory } from './locked-memory.ts'
import { manualKill } from './manual-kill.ts'
import { manyLimits } from './many-limits.ts'
import { manyProcesses } from './many-processes.ts'
import { memcgRemainder } from './memcg-remainder.ts'
import { memswLimit } from './memsw-limit.ts'
import { noKillable } from './no-killable.ts'
import { nodeAgentKilled } from './node-agent-killed.ts'
import { nodeJs } from './node-js.ts'
import { nodeOutOfMemory } from './node-out-of-memory.ts'
import { nodeRemainder } from './node-remainder.ts'
import { notProven } from './not-proven.ts'
import { numaBound } from './numa-bound.ts'
import { oneProcess } from './one-process.ts'
import { oomGroup } from './oom-group.ts'
import { outerLimit } from './outer-limit.ts'
import { overRequest } from './over-request.ts'
import { pageCacheLeft } from './page-cache-left.ts'
import { pageCacheNotCause } from './page-cache-not-cause.ts'
import { pageTables } from './page-tables.ts'
import { pileUp } from './pile-up.ts'
import { podLimit } from './pod-limit.ts'
import { podRestarts } from './pod-restarts.ts'
import { probeKilled } from './probe-killed.ts'
import { python } from './python.ts'
import { qosLimit } from './qos-limit.ts'
import { reportIncomplete } from './report-incomplete.ts'
import { reportsSuppressed } from './reports-suppressed.ts'
import type { Rule } from './rule.ts'
import { runtimeMissed } from './runtime-missed.ts'
import { savedSeriesFlat } from './saved-series-flat.ts'
import { savedSeriesGrowth } from './saved-series-growth.ts'
import { savedSeriesSpike } from './saved-series-spike.ts'
import { severalContainers } from './several-containers.ts'
import { sharedMemory } from './shared-memory.ts'
import { sharedPages } from './shared-pages.ts'
import { sidecar } from './sidecar.ts'
import { silentKill } from './silent-kill.ts'
import { sockets } from './sockets.ts'
import { steadyGrowth } from './steady-growth.ts'
import { swapExhausted } from './swap-exhausted.ts'
import { swapForbidden } from './swap-forbidden.ts'
import { systemDaemonKilled } from './system-daemon-killed.ts'
import { thrashing } from './thrashing.ts'
import { unitLimit } from './unit-limit.ts'
import { usageBelowLimit } from './usage-below-limit.ts'
import { userspaceKill } from './userspace-kill.ts'
import { victimExiting } from './victim-exiting.ts'
import { victimGrows } from './victim-grows.ts'
import { victimNotFirst } from './victim-not-first.ts'
import { victimNotReaped } from './victim-not-reaped.ts'
import { victimRanking } from './victim-ranking.ts'
import { wholeWorkload } from './whole-workload.ts'

export const rules: readonly Rule[] = [
  // What kind of event it was: decides how all else is to be read.
  manualKill,
  kernelPanic,
  noKillable,
  evicted,
  userspaceKill,
  notProven,
  // Whose memory ran out.
  nodeOutOfMemory,
  outerLimit,
  allocatableLimit,
  qosLimit,
  numaBound,
  limitLowered,
  limitRaised,
  limitChanged,
  limitBelowStartup,
  crashLoop,
  containerLimit,
  podLimit,
  unitLimit,
  cgroupLimit,
  kmemLimit,
  memswLimit,
  // Who died, and who should not have.
  nodeAgentKilled,
  systemDaemonKilled,
  victimNotReaped,
  bystander,
  silentKill,
  probeKilled,
  sidecar,
  // What filled it, and what to set.
  knownLeak,
  savedSeriesSpike,
  savedSeriesGrowth,
  steadyGrowth,
  victimGrows,
  diesAtStart,
  growingShare,
  pileUp,
  clockAligned,
  wholeWorkload,
  manyProcesses,
  sharedMemory,
  kernelSlab,
  kernelMemory,
  pageTables,
  kernelStacks,
  sockets,
  hugePages,
  lockedMemory,
  dirtyPages,
  pageCacheLeft,
  nodeRemainder,
  fragmentation,
  headroomContradiction,
  swapExhausted,
  jvm,
  goProgram,
  nodeJs,
  python,
  overRequest,
  runtimeMissed,
  podRestarts,
  currentUse,
  // Good to know.
  bestEffortFirst,
  severalContainers,
  oneProcess,
  initContainer,
  oomGroup,
  manyLimits,
  afterQuiet,
  savedSeriesFlat,
  thrashing,
  victimNotFirst,
  victimExiting,
  usageBelowLimit,
  memcgRemainder,
  swapForbidden,
  sharedPages,
  // What the log lacks.
  identityMissing,
  reportIncomplete,
  reportsSuppressed,
  // Proof for those who doubt.
  victimRanking,
  pageCacheNotCause,
  confirmed,
]
