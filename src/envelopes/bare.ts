import { type Envelope, parsed } from './envelope.ts'

/** No envelope at all: `journalctl -o cat`, a paste. Fits every line, so it is tried last and never stuck to. */
export const bare: Envelope = {
  name: 'bare',
  source: 'systemd journalctl -o cat; grep -h, cut, ticket systems',
  samples: [
    {
      line: 'Memory cgroup out of memory: Killed process 48213 (java) total-vm:4kB',
      expect: {
        stamp: null,
        host: null,
        ident: null,
        message: 'Memory cgroup out of memory: Killed process 48213 (java) total-vm:4kB',
      },
    },
    {
      line: ' [<ffffffff810d0611>] ? dump_header+0x90/0x1b0',
      expect: { message: ' [<ffffffff810d0611>] ? dump_header+0x90/0x1b0' },
    },
  ],
  parse: message => parsed({ message }),
}
