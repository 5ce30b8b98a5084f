/** What a bundle says of its host. */
import { expect, test } from 'vitest'
import { isHostFile, readHostFact } from '../../src/listings/host-facts.ts'

const timedatectl = `               Local time: Tue 2021-03-16 09:30:00 JST
           Universal time: Tue 2021-03-16 00:30:00 UTC
                 RTC time: Tue 2021-03-16 00:30:00
                Time zone: Asia/Tokyo (JST, +0900)
`
const morning = Date.UTC(2021, 2, 16, 9, 30)

test.each([
  ['sos/date', 'Tue Mar 16 09:30:00 UTC 2021\n', 'sos/', morning, 'UTC'],
  ['sos/date', 'Tue Mar 16 09:30:00 AM UTC 2021\n', 'sos/', morning, 'UTC'],
  ['date', 'Tue Mar 16 09:30:00 PM UTC 2021', '', morning + 43_200_000, 'UTC'],
  ['date', 'Tue Mar  2 12:00:00 AM +03 2021', '', Date.UTC(2021, 2, 2), '+03:00'],
  ['n1/systeminfo/date', 'Tue 16 Mar 2021 09:30:00 AM UTC', 'n1/', morning, 'UTC'],
  ['n1/date', 'Tue Mar 16 09:30:00 IST 2021', 'n1/', morning, null],
  ['n1/sos_commands/date/date', timedatectl, 'n1/', morning, 'Asia/Tokyo'],
  ['n1/date', timedatectl.replace('Asia/Tokyo', 'Etc/GMT-9'), 'n1/', morning, 'Etc/GMT-9'],
  ['n1/date', timedatectl.replace('Asia/Tokyo', 'Not/Here'), 'n1/', morning, null],
])('%s: %s', (path, text, root, naiveMs, zone) => {
  expect(readHostFact(text, path)).toEqual({ root, host: null, date: { naiveMs, zone } })
})

test('a host name is one word', () => {
  expect(readHostFact('node-1.example.org\n', 'sos/hostname')).toEqual({
    root: 'sos/',
    host: 'node-1.example.org',
    date: null,
  })
})

test.each([
  ['sos/hostname', 'Static hostname: node-1\n Icon name: computer\n'],
  ['sos/hostname', ''],
  ['sos/date', 'date: command not found'],
  ['sos/date', 'Tue Foo 16 09:30:00 UTC 2021'],
  ['sos/uptime', 'Tue Mar 16 09:30:00 UTC 2021'],
])('nothing in %s: %s', (path, text) => {
  expect(readHostFact(text, path)).toBeNull()
})

test.each(['date', 'sos/hostname', '/tmp/x/systeminfo/date'])('%s is of the host', path => {
  expect(isHostFile(path)).toBe(true)
})
test.each(['update', 'hostname.txt', 'var/log/messages'])('%s is not', path => {
  expect(isHostFile(path)).toBe(false)
})
