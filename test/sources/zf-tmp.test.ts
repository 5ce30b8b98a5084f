import { writeFileSync as wf } from 'node:fs'
import { test } from 'vitest'
import { collect, inChunks, runProgram, someLog } from '/work/main/test/sources/temp.ts'
import { openStream } from '/work/main/src/sources/open.ts'
test('fuzz', async () => {
  const log = someLog(40)
  const forms: [string, string[]][] = [['zstd', ['-q', '-c']], ['zstd', ['-q', '-19', '--no-check', '-c']], ['xz', ['-c']], ['gzip', ['-c']], ['bzip2', ['-c']]]
  let state = Number(process.env.SEED ?? 1)
  for (const [p, a] of forms) {
    const packed = runProgram(p, a, log)
    let worst = 0
    for (let i = 0; i < 1500; i++) {
      const d = Buffer.from(packed)
      const n = 1 + (i % 4)
      const marks: string[] = []
      for (let j = 0; j < n; j++) { state = (Math.imul(state, 1103515245) + 12345) >>> 0; const at = 6 + ((state >>> 8) % (d.length - 6)); d[at] = (state >>> 3) & 0xff; marks.push(`${at}=${d[at]}`) }
      const t = performance.now()
      wf('/tmp/zf.last', `${p} ${a} ${marks}`)
      const r = await collect((await openStream(inChunks(d, 65536), 'x')).text())
      const ms = performance.now() - t
      if (ms > worst) { worst = ms; console.log(p, a.join(' '), i, ms.toFixed(0) + 'ms', r.error?.slice(0, 80), r.bytes.length, marks.join(' ')) }
    }
  }
}, 200000)
