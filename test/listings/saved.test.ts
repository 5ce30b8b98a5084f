/** What people save beside a log: each format by its header, and what only looks like it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { mayBeListing, readListing } from '../../src/listings/read-listing.ts'
import type { Reading, SavedFact, SavedState } from '../../src/model/saved.ts'

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/listings/${name}.txt`, import.meta.url)), 'utf8')
const MIB = 1024 ** 2
const ID = '4f0e7b8bd0f7f'
const rows = (title: string, ...lines: string[]) => [title, ...lines, ''].join('\n')

/** The telling part of a fact. */
function short(fact: SavedFact): unknown {
  if (fact.kind === 'state') {
    const { podName, container, status, restarts, ageSeconds, limitBytes, requestBytes, lastReason, lastExitCode } =
      fact
    const all = { podName, container, status, restarts, ageSeconds, limitBytes, requestBytes, lastReason, lastExitCode }
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
  }
  const { containerId, container, podName, namespace, node, usedBytes, availableBytes, limitBytes, atSeconds } = fact
  const all = { containerId, container, podName, namespace, node, usedBytes, availableBytes, limitBytes, atSeconds }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}

const STATS = 'CONTAINER           CPU %               MEM                 DISK                INODES'
const FREE = '              total        used        free      shared  buff/cache   available'

const recognised: readonly [name: string, format: string, text: string, expected: readonly unknown[]][] = [
  [
    'kubectl get pods, as it is pasted with other blanks',
    'kubectl-get-pods',
    rows('NAME READY STATUS RESTARTS AGE', 'scouter-server-68bc9b95f6-smfhp  1/2  OOMKilled  218  14d'),
    [{ podName: 'scouter-server-68bc9b95f6-smfhp', status: 'OOMKilled', restarts: 218, ageSeconds: 14 * 86_400 }],
  ],
  [
    'kubectl get pods | grep: no header, nothing but rows',
    'kubectl-get-pods',
    '$ kubectl get pods -A | grep web\nshop  web-0   0/1   CrashLoopBackOff   11 (5m ago)   2d3h\n',
    [{ podName: 'web-0', status: 'CrashLoopBackOff', restarts: 11, ageSeconds: 183_600 }],
  ],
  [
    'crictl stats of old, ids alone',
    'crictl-stats',
    rows(STATS, `${ID}       0.02                13.01MB             81.92kB             25`),
    [{ containerId: ID, usedBytes: 13_010_000 }],
  ],
  [
    'docker stats, with a limit and without',
    'docker-stats',
    rows(
      'CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O         BLOCK I/O   PIDS',
      'c2d3e4f5a6b7   web       0.05%     13.5MiB / 512MiB      2.58%     1.2kB / 0B      0B / 0B     2',
      'd2d3e4f5a6b7   db        0.05%     1.5GiB / 15.51GiB     9.58%     1.2kB / 0B      0B / 0B     2',
      'e2d3e4f5a6b7   gone      --        -- / --               --        --              --          --',
    ),
    [
      { containerId: 'c2d3e4f5a6b7', container: 'web', usedBytes: 13.5 * MIB, limitBytes: 512 * MIB },
      { containerId: 'd2d3e4f5a6b7', container: 'db', usedBytes: 1536 * MIB },
    ],
  ],
  [
    'kubectl top pod',
    'kubectl-top-pod',
    rows('NAME    CPU(cores)   MEMORY(bytes)   ', 'web-0   12m          498Mi           '),
    [{ podName: 'web-0', usedBytes: 498 * MIB }],
  ],
  [
    'kubectl top pod -A --containers',
    'kubectl-top-pod',
    rows('NAMESPACE   POD     NAME   CPU(cores)   MEMORY(bytes)', 'shop        web-0   app    12m          498Mi'),
    [{ namespace: 'shop', podName: 'web-0', container: 'app', usedBytes: 498 * MIB }],
  ],
  [
    'kubectl top node',
    'kubectl-top-node',
    rows(
      'NAME    CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)',
      'node1   1210m        30%      9500Mi          95%',
    ),
    [{ node: 'node1', usedBytes: 9500 * MIB, limitBytes: 10_000 * MIB }],
  ],
  [
    'free -h',
    'free',
    rows(
      FREE,
      'Mem:           15Gi        11Gi       2.7Gi       121Mi       1.6Gi       3.5Gi',
      'Swap:            0B          0B          0B',
    ),
    [{ usedBytes: 11.5 * 1024 * MIB, availableBytes: 3.5 * 1024 * MIB, limitBytes: 15 * 1024 * MIB }],
  ],
  [
    'free of old, in kB, with a line for what the caches give back',
    'free',
    rows(
      '             total       used       free     shared    buffers     cached',
      'Mem:       8011076    7800000     211076       1000     100000     900000',
      '-/+ buffers/cache:    6800000    1211076',
      'Swap:            0          0          0',
    ),
    [{ usedBytes: 6_800_000 * 1024, availableBytes: 1_211_076 * 1024, limitBytes: 8_011_076 * 1024 }],
  ],
  [
    'free -m -s 2: the command tells the seconds between',
    'free',
    `$ free -m -s 2\n${rows(FREE, 'Mem:  15884 11584 2700 121 1600 3400', 'Swap: 0 0 0')}\n${rows(FREE, 'Mem:  15884 11600 2700 121 1600 3384', 'Swap: 0 0 0')}`,
    [
      { usedBytes: 12_484 * MIB, availableBytes: 3400 * MIB, limitBytes: 15_884 * MIB, atSeconds: 0 },
      { usedBytes: 12_500 * MIB, availableBytes: 3384 * MIB, limitBytes: 15_884 * MIB, atSeconds: 2 },
    ],
  ],
  [
    'watch',
    'free',
    `Every 1.0s: free -m                node1: Tue Mar 15 09:21:00 2022\n\n${rows(FREE, 'Mem:  15884 11584 2700 121 1600 3400')}`,
    [
      {
        usedBytes: 12_484 * MIB,
        availableBytes: 3400 * MIB,
        limitBytes: 15_884 * MIB,
        atSeconds: Date.UTC(2022, 2, 15, 9, 21) / 1000,
      },
    ],
  ],
  [
    'vmstat -t',
    'vmstat',
    rows(
      'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----',
      ' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC',
      ' 1  0      0 812340  10240 204800    0    0     5    11  800 1400 20  4 76  0  0 2022-03-15 09:22:41',
    ),
    [{ availableBytes: 1_027_380 * 1024, atSeconds: Date.UTC(2022, 2, 15, 9, 22, 41) / 1000 }],
  ],
  [
    'sar -r of old, without kbavail',
    'sar',
    'Linux 3.10.0 (n1) \t03/15/2022 \t_x86_64_\t(4 CPU)\n\n' +
      rows(
        '00:00:01    kbmemfree kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit',
        '00:10:01       200000    800000     80.00     10000    100000    900000     90.00',
        'Average:       200000    800000     80.00     10000    100000    900000     90.00',
      ),
    [{ availableBytes: 310_000 * 1024, limitBytes: 1_000_000 * 1024, atSeconds: 601 }],
  ],
  [
    'kubectl describe pod',
    'kubectl-describe-pod',
    fixture('kubectl-describe-pod'),
    [
      {
        podName: 'scouter-server-68bc9b95f6-smfhp',
        container: 'scouter-server',
        status: 'OOMKilled',
        restarts: 218,
        limitBytes: 512 * MIB,
        requestBytes: 256 * MIB,
        lastReason: 'OOMKilled',
        lastExitCode: 137,
      },
    ],
  ],
  [
    'kubectl get pod -o json',
    'kubectl-get-pods-json',
    JSON.stringify({
      kind: 'Pod',
      metadata: { name: 'web-0' },
      spec: { containers: [{ name: 'app', resources: { limits: { memory: '1Gi' } } }, { name: 'proxy' }] },
      status: {
        containerStatuses: [
          {
            name: 'app',
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
          },
        ],
      },
    }),
    [
      {
        podName: 'web-0',
        container: 'app',
        status: 'CrashLoopBackOff',
        restarts: 4,
        limitBytes: 1024 * MIB,
        lastReason: 'OOMKilled',
        lastExitCode: 137,
      },
      { podName: 'web-0', container: 'proxy' },
    ],
  ],
]

describe('what was saved is recognised', () => {
  test.each(recognised)('%s', async (_name, format, text, expected) => {
    expect(mayBeListing(text, 'x')).toBe(true)
    const listing = await readListing(text, 'x')
    expect(listing?.format).toBe(format)
    expect(listing?.saved.map(short)).toEqual(expected)
  })
  test.each([
    ['free-every-second', 'free', 12, 1],
    ['vmstat', 'vmstat', 8, 5],
    ['sar', 'sar', 6, 600],
    ['crictl-stats', 'crictl-stats', 18, null],
    ['docker-stats', 'docker-stats', 5, null],
    ['kubectl-top-pod', 'kubectl-top-pod', 1, null],
    ['kubectl-top-node', 'kubectl-top-node', 2, null],
    ['kubectl-get-pods', 'kubectl-get-pods', 3, null],
    ['crictl-ps', 'crictl-ps', 0, null],
  ] as const)('the fixture %s', async (name, format, count, step) => {
    const listing = await readListing(fixture(name), `${name}.txt`)
    expect(listing?.format).toBe(format)
    expect(listing?.saved.length).toBe(count)
    const times = (listing?.saved ?? []).map(one => (one as Reading).atSeconds)
    if (step !== null)
      expect(new Set(times.slice(1).map((time, i) => (time ?? 0) - (times[i] ?? 0)))).toEqual(new Set([step]))
  })
  test('each sweep of crictl stats is as late as the sleep between them', async () => {
    const listing = await readListing(fixture('crictl-stats'), 'x')
    const times = listing?.saved
      .filter(one => (one as Reading).container === 'web')
      .map(one => (one as Reading).atSeconds)
    expect(times).toEqual([0, 30, 60, 90, 120, 150])
  })
})

const nearly: readonly [name: string, text: string][] = [
  ['a log that quotes the header', `Mar 15 09:22:41 n1 app: ${STATS}\n`],
  ['free in words', 'Mem: 15884 total, 11584 used\n'],
  ['kubectl get nodes', rows('NAME    STATUS   ROLES    AGE   VERSION', 'node1   Ready    <none>   14d   v1.23.4')],
  [
    'kubectl get deployments',
    rows('NAME   READY   UP-TO-DATE   AVAILABLE   AGE', 'web    1/1     1            1           2d'),
  ],
  ['kubectl describe node', 'Name:               node1\nRoles:              <none>\nLabels:             a=b\n'],
  [
    'kubectl describe deployment',
    'Name:                   web\nNamespace:              shop\nPod Template:\n  Containers:\n   app:\n    Image: x\n',
  ],
  ['vmstat of disks', 'disk- ------------reads------------ ------------writes----------- -----IO------\n'],
  ['sar of the processor', '11:20:01 PM     CPU     %user     %nice   %system   %iowait    %steal     %idle\n'],
  ['bare rows and one line more', 'web-0   1/1   Running   0   2d\nwhat is this\n'],
  ['the header only after twenty lines', `${'text\n'.repeat(20)}${STATS}\n${ID} 1 1MB 1B 1\n`],
  ['a journal in JSON', '{"__CURSOR":"s=1","MESSAGE":"x"}\n'],
]

describe('what only looks like it is not', () => {
  test.each(nearly)('%s', async (_name, text) => expect(await readListing(text, 'x')).toBeNull())

  test.each([
    ['a size that is none', rows(STATS, `${ID}   0.02   --   81.92kB   25`)],
    ['an id that is none', rows(STATS, 'TOTAL   0.02   13.01MB   81.92kB   25')],
    ['free in GiB, which is too rough to tell its unit', rows(FREE, 'Mem: 15 11 2 0 1 3')],
  ])('a row is left out: %s', async (_name, text) => {
    const listing = await readListing(text, 'x')
    expect(listing?.saved).toEqual([])
  })
})

test('no text takes long, whatever repeats in it', async () => {
  const worst = [
    'a',
    ' ',
    '1 ',
    'a-',
    '1/1 ',
    '0.1% ',
    'x\x1b[',
    'NAME ',
    '12:00:01 ',
    'POD NAME ',
    '     total ',
    '{',
    '- ',
    '9d',
  ].flatMap(part => [
    part.repeat(1_000_000 / part.length),
    `NAME READY STATUS RESTARTS AGE\n${part.repeat(1_000_000 / part.length)}`,
    `${FREE}\n${part.repeat(1_000_000 / part.length)}`,
  ])
  for (const text of worst) {
    mayBeListing(text, 'x')
    await readListing(text, 'x')
  }
})

test('a listing cut anywhere is read without harm', async () => {
  for (const [, , text] of recognised)
    for (let length = 0; length < text.length; length += 11) {
      const listing = await readListing(text.slice(0, length), 'x')
      for (const fact of listing?.saved ?? [])
        expect((fact as SavedState | Reading).kind).toMatch(/^(?:state|reading)$/)
    }
})
