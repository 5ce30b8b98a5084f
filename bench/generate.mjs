/**
 * Writes a synthetic `/var/log/messages` of one node and, beside it, what is true about it.
 *
 *     node bench/generate.mjs [--size 1G] [--incidents 200] [--pods 5750] [--seed 1] [--out bench/data/messages-1G.log] [--reports-only]
 *
 * Lines of kubelet, containerd, systemd and kernel chatter, the life-cycle lines of pods (46,000 a gigabyte) and kills in the forms of several
 * kernels, each with a few lines of chatter between its own. The same seed gives the same bytes.
 */
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chatter } from './chatter.mjs'
import { makeIncident } from './incident.mjs'
import { createRandom } from './random.mjs'

const DATA = fileURLToPath(new URL('data/', import.meta.url))
const START = Date.UTC(2022, 2, 9)
const DAYS = 7
const LIFE_CYCLE_LINES_PER_BYTE = 46_000 / 1e9
const namespaces = ['payments', 'shop', 'monitoring', 'kube-system', 'team-a', 'team-b', 'ingress', 'data']
const apps = ['web', 'api', 'worker', 'billing', 'search', 'cache', 'exporter', 'proxy', 'scheduler', 'sidecar']

/** `1G`, `300M`, `10k` to bytes, in powers of ten. */
export const parseSize = text => {
  const [, number, unit] = /^([\d.]+)([kMG]?)$/.exec(text) ?? []
  if (number === undefined) throw new Error(`not a size: ${text}`)
  return Number(number) * { '': 1, k: 1e3, M: 1e6, G: 1e9 }[unit]
}

const makePod = random => {
  const container = random.pick(apps)
  const namespace = random.pick(namespaces)
  const name = `${container}-${random.hex(9)}-${random.word(5)}`
  return {
    name,
    namespace,
    container,
    path: `${namespace}/${name}`,
    uid: random.uid(),
    sandboxId: random.hex(64),
    containerId: random.hex(64),
  }
}

/** What containerd (`c`) and the kubelet (`p`) write when a pod starts. */
const lifeCycle = pod => {
  const sandbox = `&PodSandboxMetadata{Name:${pod.name},Uid:${pod.uid},Namespace:${pod.namespace},Attempt:0,}`
  const container = `&ContainerMetadata{Name:${pod.container},Attempt:0,}`
  const started = id =>
    `"SyncLoop (PLEG): event for pod" pod="${pod.path}" event={"ID":"${pod.uid}","Type":"ContainerStarted","Data":"${id}"}`
  return [
    ['c', `"RunPodSandbox for ${sandbox}"`],
    ['c', `"RunPodSandbox for ${sandbox} returns sandbox id \\"${pod.sandboxId}\\""`],
    ['c', `"CreateContainer within sandbox \\"${pod.sandboxId}\\" for container ${container}"`],
    [
      'c',
      `"CreateContainer within sandbox \\"${pod.sandboxId}\\" for ${container} returns container id \\"${pod.containerId}\\""`,
    ],
    ['c', `"StartContainer for \\"${pod.containerId}\\""`],
    ['p', started(pod.sandboxId)],
    ['c', `"StartContainer for \\"${pod.containerId}\\" returns successfully"`],
    ['p', started(pod.containerId)],
  ]
}
const LIFE_CYCLE_LINES = 8

const two = number => String(number).padStart(2, '0')
const months = ['Jan', 'Feb', 'Mar', 'Apr']

/** Moves the clock that all lines read. */
const setClock = (world, ms) => {
  if (ms === world.ms) return
  world.ms = ms
  const d = new Date(ms)
  const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`
  world.prefix = `${months[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${time} node-17 `
  world.klogStamp = `${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())} ${time}`
  world.isoStamp = d.toISOString().slice(0, 19)
  world.printk = `[${((ms - START) / 1000 + 1234).toFixed(6).padStart(12)}] `
}

const createWorld = random => {
  const world = { pods: [], ids: [], ms: -1, blank: '' }
  for (let i = 0; i < 400; i++) world.pods.push(makePod(random))
  for (let i = 0; i < 2000; i++) world.ids.push(random.hex(64))
  return world
}

/** What a healthy node writes in a week, `bytes` of it spread over the time. */
export const chatterText = (bytes, seed = 1) => {
  const random = createRandom(seed)
  const world = createWorld(random)
  let text = ''
  while (text.length < bytes) {
    setClock(world, START + Math.floor((text.length / bytes) * DAYS * 86400) * 1000)
    text += `${world.prefix}${random.pick(chatter)(random, world)}\n`
  }
  return text
}

/** `pods`: how many start; `reportsOnly`: kill after kill, and nothing between them. */
export const generate = ({ size, incidents, seed, out, pods: started, reportsOnly = false }) => {
  const random = createRandom(seed)
  const world = createWorld(random)
  mkdirSync(dirname(out), { recursive: true })
  const file = openSync(`${out}.part`, 'w')
  const truth = { seed, bytes: 0, lines: 0, lifeCycleLines: 0, incidents: [] }
  let text = ''
  const flush = () => {
    writeSync(file, Buffer.from(text, 'latin1'))
    truth.bytes += text.length
    text = ''
  }
  const put = message => {
    text += `${world.prefix}${message}\n`
    truth.lines++
  }
  const runtime = message =>
    put(`containerd[1190]: time="${world.isoStamp}.${100000000 + random.below(899999999)}Z" ${message}`)
  const idle = () => put(random.pick(chatter)(random, world))

  const pods = Math.max(incidents, started ?? Math.round((size * LIFE_CYCLE_LINES_PER_BYTE) / LIFE_CYCLE_LINES))
  let podsStarted = 0
  let killed = 0
  while (truth.bytes + text.length < size) {
    const written = truth.bytes + text.length
    setClock(world, START + Math.floor((written / size) * DAYS * 86400) * 1000)
    if (!reportsOnly) for (let i = 0; i < 10; i++) idle()
    if (reportsOnly || podsStarted < (pods * written) / size) {
      const pod = makePod(random)
      world.pods[podsStarted % world.pods.length] = pod
      podsStarted++
      for (const [sender, text] of lifeCycle(pod)) {
        if (sender === 'c') runtime(`level=info msg=${text}`)
        else put(`kubelet[1412]: I${world.klogStamp}.${100000 + random.below(899999)}    1412 kubelet.go:2421] ${text}`)
        if (!reportsOnly) idle()
      }
      truth.lifeCycleLines += LIFE_CYCLE_LINES
    }
    if (reportsOnly || (killed < incidents && podsStarted > 0 && written > ((killed + 0.5) * size) / incidents)) {
      const pod = world.pods[(podsStarted - 1) % world.pods.length]
      const incident = makeIncident(random, pod, killed)
      incident.truth.time = new Date(world.ms).toISOString()
      incident.truth.line = truth.lines + 1
      for (const [sender, message] of incident.lines) {
        if (sender === 'k') put(`kernel: ${world.printk}${message}`)
        else runtime(message)
        if (!reportsOnly && random.below(8) === 0) idle()
      }
      truth.incidents.push(incident.truth)
      killed++
    }
    if (text.length > 1 << 20) flush()
  }
  flush()
  closeSync(file)
  writeFileSync(`${out}.truth.json`, JSON.stringify(truth, null, 1))
  renameSync(`${out}.part`, out)
  return truth
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: '1G' },
      incidents: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      pods: { type: 'string' },
      'reports-only': { type: 'boolean', default: false },
    },
  })
  const out = values.out ?? `${DATA}messages-${values.size}.log`
  const truth = generate({
    size: parseSize(values.size),
    incidents: Number(values.incidents),
    seed: Number(values.seed),
    out,
    pods: values.pods === undefined ? undefined : Number(values.pods),
    reportsOnly: values['reports-only'],
  })
  console.log(`${out}: ${truth.bytes} bytes, ${truth.lines} lines, ${truth.incidents.length} incidents`)
}
