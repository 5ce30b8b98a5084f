/**
 * Races oomlens against what one would use instead, on a log that it makes itself.
 *
 *     npm run bench -- [--size 1G] [--runs 5] [--only gz] [--incidents 200] [--seed 1] [--program bin/oomlens.js]
 *
 * In each round every rival runs once, in the same order, after one round that does not count (page cache, and whether they work at all). Medians, and
 * their ratio to the first of a group. What is not installed is named and left out. Before anything is measured, the
 * report of the log is compared with what the generator knows to be true.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'
import { generate, parseSize } from './generate.mjs'

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '1G' },
    runs: { type: 'string', default: '5' },
    incidents: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    // another build, to compare with
    program: { type: 'string', default: fileURLToPath(new URL('../bin/oomlens.js', import.meta.url)) },
  },
})
const here = name => fileURLToPath(new URL(name, import.meta.url))
const quote = text => `'${text.replaceAll("'", "'\\''")}'`
const node = quote(process.execPath)
const oomlens = `${node} ${quote(options.program)}`
const alone = `${node} ${quote(here('alone.mjs'))}`
const NEEDLES = 'oom-killer:|oom-kill:|[Oo]ut of memory|Killed process|TaskOOM|oom_|returns (sandbox|container) id'

const has = program => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

const prepare = async () => {
  const log = here(`data/messages-${options.size}-${options.incidents}-${options.seed}.log`)
  if (!existsSync(log)) {
    console.error(`making ${log}`)
    const [incidents, seed] = [Number(options.incidents), Number(options.seed)]
    generate({ size: parseSize(options.size), incidents, seed, out: log })
  }
  const gz = `${log}.gz`
  if (!existsSync(gz)) {
    console.error(`making ${gz}`)
    await pipeline(createReadStream(log), createGzip(), createWriteStream(gz))
  }
  const reports = here('data/reports-200M.log')
  if (!existsSync(reports)) {
    console.error(`making ${reports}`)
    generate({ size: 200e6, incidents: 0, seed: 1, out: reports, reportsOnly: true })
  }
  const quiet = here(`data/quiet-${options.size}.log`)
  if (!existsSync(quiet)) {
    console.error(`making ${quiet}`)
    generate({ size: parseSize(options.size), incidents: 10, pods: 500, seed: 1, out: quiet })
  }
  const small = here('data/small.log')
  writeFileSync(small, readFileSync(log).subarray(0, 10_000))
  return { log, gz, quiet, reports, small }
}

/** Throws when oomlens does not find exactly the kills that are in the log. */
const check = log => {
  const truth = JSON.parse(readFileSync(`${log}.truth.json`, 'utf8'))
  const output = execFileSync('sh', ['-c', `${oomlens} -o json ${quote(log)}`], { maxBuffer: 1 << 30 })
  const report = JSON.parse(output.toString())
  const key = (id, pod, namespace, limit, rows, pid) => [id, pod, namespace, limit, rows, pid].join(' ')
  const want = truth.incidents.map(t => key(t.containerId, t.pod, t.namespace, t.limitBytes, t.rows, t.victim.pid))
  const got = report.incidents.map(i =>
    key(
      i.container?.id,
      i.pod?.name,
      i.pod?.namespace,
      i.cgroup?.limitBytes,
      i.kernelReports[0]?.processes.length,
      i.victims[0]?.pid,
    ),
  )
  const missing = want.filter(w => !got.includes(w))
  const extra = got.filter(g => !want.includes(g))
  if (missing.length + extra.length > 0) {
    const examples = [...missing.slice(0, 3).map(m => `missing ${m}`), ...extra.slice(0, 3).map(e => `not true ${e}`)]
    throw new Error(`the report is wrong: ${missing.length} missing, ${extra.length} too many\n${examples.join('\n')}`)
  }
  if (report.stats.lines !== truth.lines) throw new Error(`${report.stats.lines} lines, not ${truth.lines}`)
  console.error(`checked: ${want.length} incidents, ${truth.lines} lines`)
}

/** Groups of rivals; ratios are to the first of each. `needs` is a program, or null. */
const groupsOf = ({ log, gz, quiet, reports, small }) => {
  const [plain, packed] = [quote(log), quote(gz)]
  return {
    plain: [
      ['grep', `grep -ci oom ${plain}`],
      ['grep', `grep -cE ${quote(NEEDLES)} ${plain}`],
      ['rg', `rg -ci oom ${plain}`],
      ['wc', `wc -l ${plain}`],
      [null, `oomlens --threads 1`, `${oomlens} --threads 1 -o json ${plain}`],
      [null, `oomlens`, `${oomlens} -o json ${plain}`],
      [null, `oomlens, sieve in plain JavaScript`, `OOMLENS_SIEVE=js ${oomlens} --threads 1 -o json ${plain}`],
      [null, `oomlens without its sieve`, `OOMLENS_SIEVE=none ${oomlens} --threads 1 -o json ${plain}`],
      [null, `node: read alone`, `${alone} read ${plain}`],
      [null, `node: split2 and one regular expression`, `${alone} split2 ${plain}`],
    ],
    gz: [
      ['zgrep', `zgrep -ci oom ${packed}`],
      ['zcat', `zcat | grep -ci oom`, `zcat ${packed} | grep -ci oom`],
      [null, `oomlens`, `${oomlens} -o json ${packed}`],
      [null, `node: gunzip alone`, `${alone} gunzip ${packed}`],
    ],
    pipe: [
      ['grep', `cat | grep -ci oom`, `cat ${plain} | grep -ci oom`],
      [null, `cat | oomlens`, `cat ${plain} | ${oomlens} -o json`],
    ],
    quiet: [
      ['grep', `grep -ci oom ${quote(quiet)}`],
      ['rg', `rg -ci oom ${quote(quiet)}`],
      [null, `oomlens --threads 1`, `${oomlens} --threads 1 ${quote(quiet)}`],
      [null, `oomlens`, `${oomlens} ${quote(quiet)}`],
    ],
    reports: [
      ['grep', `grep -ci oom ${quote(reports)}`],
      [null, `oomlens --threads 1 -o ndjson`, `${oomlens} --threads 1 -o ndjson ${quote(reports)}`],
    ],
    start: [
      [null, `node -e 0`, `${node} -e 0`],
      [null, `oomlens, 10 kB`, `${oomlens} ${quote(small)}`],
      [null, `oomlens -o json, 10 kB`, `${oomlens} -o json ${quote(small)}`],
      [null, `oomlens --help`, `${oomlens} --help`],
    ],
  }
}

const timeFile = join(tmpdir(), `oomlens-bench-${process.pid}`)
const hasTime = existsSync('/usr/bin/time')

/** Seconds, and the largest process's peak memory in MB (null without /usr/bin/time). */
const measure = command => {
  const args = hasTime ? ['/usr/bin/time', '-f', '%M', '-o', timeFile, 'sh', '-c', command] : ['sh', '-c', command]
  const start = process.hrtime.bigint()
  // A pipe, not /dev/null: grep stops at the first match when it sees that nobody reads what it writes.
  const { status, stderr } = spawnSync(args[0], args.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
  })
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const peakMb = hasTime ? Number(readFileSync(timeFile, 'utf8').trim().split('\n').at(-1)) / 1024 : null
  return { seconds, peakMb, failed: status !== 0 ? stderr.toString().trim().split('\n')[0] || `exit ${status}` : null }
}

const median = numbers => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** What takes longer runs once: its ratio needs no median. */
const LONG_SECONDS = 8

const race = (name, rivals, runs) => {
  const running = []
  for (const [needs, label, command = label] of rivals) {
    const title = label.replaceAll(/'[^']*\.log(\.gz)?'/g, 'FILE').replaceAll('|', '\\|')
    if (needs !== null && !has(needs)) {
      console.error(`left out, not installed: ${needs}`)
      continue
    }
    const { failed, seconds, peakMb } = measure(command)
    if (failed !== null) console.error(`left out, failed: ${label}: ${failed}`)
    else if (seconds > LONG_SECONDS) running.push({ title, command: null, seconds: [seconds], peaks: [peakMb ?? 0] })
    else running.push({ title, command, seconds: [], peaks: [] })
  }
  for (let run = 0; run < runs; run++) {
    for (const rival of running.filter(({ command }) => command !== null)) {
      const { seconds, peakMb } = measure(rival.command)
      rival.seconds.push(seconds)
      rival.peaks.push(peakMb ?? 0)
    }
  }
  console.log(`\n| ${name} | s | ratio | peak MB |\n| --- | --- | --- | --- |`)
  const first = median(running[0]?.seconds ?? [1])
  for (const { title, seconds, peaks } of running) {
    const middle = median(seconds)
    const peak = hasTime ? Math.round(Math.max(...peaks)) : '?'
    console.log(`| ${title} | ${middle.toFixed(3)} | ${(middle / first).toFixed(2)} | ${peak} |`)
  }
}

const files = await prepare()
check(files.log)
check(files.quiet)
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, ` +
    `LANG=${process.env.LC_ALL ?? process.env.LANG ?? ''}, ${options.size}, ${options.incidents} incidents, median of ${options.runs}`,
)
for (const [name, rivals] of Object.entries(groupsOf(files))) {
  if (options.only === '' || options.only.split(',').includes(name)) race(name, rivals, Number(options.runs))
}
