/** The arithmetic over the real reports beside the repository; skipped where that folder is not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { badness } from '../../src/diagnosis/badness.ts'
import { isManual } from '../../src/diagnosis/facts.ts'
import { memcgBalance } from '../../src/diagnosis/memcg-balance.ts'
import { nodeBalance } from '../../src/diagnosis/node-balance.ts'
import { zoneHeadroom } from '../../src/diagnosis/zone-headroom.ts'
import { messagesOf, readReports } from './read-report.ts'

const reality = new URL('../../../shared/reality', import.meta.url).pathname
const folders = existsSync(reality)
  ? readdirSync(reality).filter(
      name => existsSync(join(reality, name, 'kmsg.raw')) || existsSync(join(reality, name, 'dmesg.log')),
    )
  : []

describe.skipIf(folders.length === 0)('over the real reports', () => {
  const reports = folders.flatMap(folder => {
    const file = ['kmsg.raw', 'dmesg.log'].map(name => join(reality, folder, name)).find(existsSync)
    return readReports(messagesOf(readFileSync(file ?? '', 'latin1'))).map((report, index) => ({
      name: `${folder} ${index}`,
      report,
    }))
  })
  const withTable = reports.filter(({ report }) => report.processes.length > 0)

  test('there are many, of both kinds', () => {
    expect(withTable.filter(({ report }) => report.memory).length).toBeGreaterThan(100)
    expect(withTable.filter(({ report }) => report.node).length).toBeGreaterThan(5)
  })

  test('the victim ranks first in every one with a table', () => {
    const wrong = withTable.filter(({ report }) => badness(report)?.victimRank !== 1).map(({ name }) => name)
    expect(wrong).toEqual([])
  })

  test('the parts of a cgroup add up to its use within 10 % or 1 MiB', () => {
    const balances = reports.flatMap(({ name, report }) =>
      report.memory ? [{ name, balance: memcgBalance(report.memory) }] : [],
    )
    expect(balances.filter(({ balance }) => balance?.remainderBytes != null).length).toBeGreaterThan(100)
    const wrong = balances.filter(({ balance }) => {
      const rest = Math.abs(balance?.remainderBytes ?? 0)
      return rest > 0.1 * (balance?.usageBytes ?? 0) && rest > 1024 * 1024
    })
    expect(wrong).toEqual([])
  })

  test('less than a tenth of a node is unaccounted for', () => {
    const shares = reports.flatMap(({ name, report }) => {
      const balance = report.node ? nodeBalance(report.node) : null
      return balance ? [[name, balance.missingBytes / balance.managedBytes] as const] : []
    })
    expect(shares.length).toBeGreaterThan(5)
    expect(shares.filter(([, share]) => share > 0.1 || share < -0.01)).toEqual([])
  })

  test('a node that is out of memory has no room, one that was asked by hand has', () => {
    for (const { name, report } of reports) {
      const zones = report.node && report.trigger ? zoneHeadroom(report.node, report.trigger) : null
      if (!zones) continue
      const room = Math.max(...zones.map(zone => zone.headroomBytes))
      if (isManual(report)) expect(room, name).toBeGreaterThan(32 * 1024 * 1024)
      else expect(room, name).toBeLessThan(4 * 1024 * 1024)
    }
  })
})
