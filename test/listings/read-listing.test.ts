import { describe, expect, test } from 'vitest'
import { mayBeListing, readListing } from '../../src/listings/read-listing.ts'

const I = '4f0e7b8bd0f7f32b8bcd1a9f2d3c8f7ab1b6a6f4a0e5a2f7c2d3e4f5a6b7c8d9'
const OLD = '0b1c2d3e4f5061728394a5b6c7d8e9f00b1c2d3e4f5061728394a5b6c7d8e9f0'
const S = '9c1d2e3f4a5b60718293a4b5c6d7e8f99c1d2e3f4a5b60718293a4b5c6d7e8f9'
const U = '8a6f4c02-1b2d-4c55-9a3e-0c9d5f2e7b11'
const container = {
  kind: 'container',
  id: null,
  name: 'app',
  attempt: null,
  podName: 'web-0',
  namespace: 'shop',
  podUid: null,
  sandboxId: null,
  image: null,
  limitBytes: null,
  terminated: null,
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'shop', uid: U },
  spec: { nodeName: 'n1', containers: [{ name: 'app', resources: { limits: { memory: '512Mi' } } }] },
  status: {
    containerStatuses: [
      {
        name: 'app',
        image: 'registry/web:1',
        restartCount: 3,
        containerID: `containerd://${I}`,
        state: { running: {} },
        lastState: {
          terminated: {
            containerID: `containerd://${OLD}`,
            exitCode: 137,
            reason: 'OOMKilled',
            finishedAt: '2022-03-15T00:22:41Z',
          },
        },
      },
    ],
  },
}
const podFacts = [
  { kind: 'pod', podName: 'web-0', namespace: 'shop', podUid: U, node: 'n1' },
  { ...container, id: I, attempt: 3, podUid: U, image: 'registry/web:1', limitBytes: 512 * 1024 * 1024 },
  {
    ...container,
    id: OLD,
    attempt: 2,
    podUid: U,
    image: 'registry/web:1',
    limitBytes: 512 * 1024 * 1024,
    terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2022-03-15T00:22:41Z' },
  },
]
const podYaml = `apiVersion: v1
kind: Pod
metadata:
  name: web-0
  namespace: shop
  uid: ${U}
spec:
  nodeName: n1
  containers:
  - name: app
    resources:
      limits:
        memory: 512Mi
status:
  containerStatuses:
  - name: app
    image: registry/web:1
    restartCount: 3
    containerID: containerd://${I}
    state:
      running: {}
    lastState:
      terminated:
        containerID: containerd://${OLD}
        exitCode: 137
        reason: OOMKilled
        finishedAt: "2022-03-15T00:22:41Z"
`
const indent = (text: string) => text.replace(/^/gm, '  ').trimEnd()

const rows: readonly [string, string, string, unknown][] = [
  [
    'crictl ps -a',
    'crictl_ps_-a',
    `CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD
4f0e7b8bd0f7f       c3ff0a2e2b1f0       3 days ago          Running             app                 2                   9c1d2e3f4a5b6       web-0
0b1c2d3e4f506       registry/web:1      About an hour ago   Exited              app                 1                   9c1d2e3f4a5b6       web-0
`,
    [
      { ...container, id: '4f0e7b8bd0f7f', attempt: 2, namespace: null, sandboxId: '9c1d2e3f4a5b6' },
      {
        ...container,
        id: '0b1c2d3e4f506',
        attempt: 1,
        namespace: null,
        sandboxId: '9c1d2e3f4a5b6',
        image: 'registry/web:1',
      },
    ],
  ],
  [
    'crictl ps -a with the namespace, after the command',
    'psa',
    `# /usr/bin/crictl ps -a
CONTAINER       IMAGE           CREATED      STATE     NAME   ATTEMPT   POD ID          POD     NAMESPACE
4f0e7b8bd0f7f   c3ff0a2e2b1f0   3 days ago   Exited    app    0         9c1d2e3f4a5b6   web-0   shop

# another command
not a row`,
    [{ ...container, id: '4f0e7b8bd0f7f', attempt: 0, sandboxId: '9c1d2e3f4a5b6' }],
  ],
  [
    'crictl pods',
    'pods',
    `POD ID              CREATED             STATE               NAME                NAMESPACE           ATTEMPT             RUNTIME
9c1d2e3f4a5b6       3 days ago          Ready               web-0               shop                0                   (default)
`,
    [{ kind: 'sandbox', id: '9c1d2e3f4a5b6', podName: 'web-0', namespace: 'shop', podUid: null, attempt: 0 }],
  ],
  [
    'docker ps -a --no-trunc',
    'docker-ps.txt',
    `CONTAINER ID                                                       IMAGE     COMMAND       CREATED        STATUS                        PORTS     NAMES
${I}   web:1     "/bin/web"    2 hours ago    Exited (137) 2 minutes ago              k8s_app_web-0_shop_${U}_3
${S}   pause:3   "/pause"      2 hours ago    Up 2 hours                              k8s_POD_web-0_shop_${U}_0
${OLD}   web:1     "/bin/web"    2 hours ago    Up 2 hours                    80/tcp    plain
`,
    [
      { ...container, id: I, attempt: 3, podUid: U, image: 'web:1' },
      { kind: 'sandbox', id: S, podName: 'web-0', namespace: 'shop', podUid: U, attempt: 0 },
      { ...container, id: OLD, name: 'plain', podName: null, namespace: null, image: 'web:1' },
    ],
  ],
  [
    'kubectl get pods -A -o wide',
    'pods',
    `NAMESPACE     NAME     READY   STATUS             RESTARTS        AGE   IP          NODE   NOMINATED NODE   READINESS GATES
shop          web-0    0/1     CrashLoopBackOff   11 (5m ago)     2d    10.1.2.3    n1     <none>           <none>
kube-system   dns-x1   1/1     Running            0               2d    10.1.2.4    n2     <none>           <none>
`,
    [
      { kind: 'pod', podName: 'web-0', namespace: 'shop', podUid: null, node: 'n1' },
      { kind: 'pod', podName: 'dns-x1', namespace: 'kube-system', podUid: null, node: 'n2' },
    ],
  ],
  [
    'kubectl get pods',
    'pods',
    'NAME    READY   STATUS    RESTARTS   AGE\nweb-0   1/1     Running   0          2d\n',
    [{ kind: 'pod', podName: 'web-0', namespace: null, podUid: null, node: null }],
  ],
  ['kubectl get pods: none', 'pods', 'NAME    READY   STATUS    RESTARTS   AGE\n', []],
  ['kubectl get pod -o json', 'x', JSON.stringify(pod), podFacts],
  [
    'kubectl get pods -o json',
    'x',
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod] }, null, 2),
    podFacts,
  ],
  [
    'a PodList, whose members have no kind',
    'x',
    JSON.stringify({ kind: 'PodList', items: [{ ...pod, kind: undefined }] }),
    podFacts,
  ],
  ['kubectl get pod -o yaml', 'x', podYaml, podFacts],
  ['kubectl get pods -o yaml', 'x', `apiVersion: v1\nitems:\n- ${indent(podYaml).trimStart()}\nkind: List\n`, podFacts],
  ['must-gather', 'x', `---\n${podYaml}`, podFacts],
  ['several documents', 'x', `${podYaml}---\n${podYaml}`, [...podFacts, ...podFacts]],
  [
    'a static pod is known by the hash of its manifest',
    'x',
    JSON.stringify({
      kind: 'Pod',
      metadata: {
        name: 'etcd-n1',
        namespace: 'kube-system',
        uid: U,
        annotations: { 'kubernetes.io/config.hash': 'a1'.repeat(16) },
      },
    }),
    [{ kind: 'pod', podName: 'etcd-n1', namespace: 'kube-system', podUid: 'a1'.repeat(16), node: null }],
  ],
  [
    'crictl inspect',
    'x',
    JSON.stringify({
      status: {
        id: I,
        metadata: { attempt: 1, name: 'app' },
        state: 'CONTAINER_EXITED',
        exitCode: 137,
        reason: 'OOMKilled',
        finishedAt: '2022-03-15T09:22:41.5+09:00',
        image: { image: 'registry/web:1' },
        labels: {
          'io.kubernetes.pod.name': 'web-0',
          'io.kubernetes.pod.namespace': 'shop',
          'io.kubernetes.pod.uid': U,
          'io.kubernetes.container.name': 'app',
        },
        resources: { linux: { memoryLimitInBytes: '536870912' } },
      },
      info: { sandboxID: S },
    }),
    [
      {
        ...container,
        id: I,
        attempt: 1,
        podUid: U,
        sandboxId: S,
        image: 'registry/web:1',
        limitBytes: 536870912,
        terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2022-03-15T09:22:41.5+09:00' },
      },
    ],
  ],
  [
    'crictl pods -o json',
    'x',
    JSON.stringify({ items: [{ id: S, metadata: { name: 'web-0', uid: U, namespace: 'shop', attempt: 0 } }] }),
    [{ kind: 'sandbox', id: S, podName: 'web-0', namespace: 'shop', podUid: U, attempt: 0 }],
  ],
  [
    'docker inspect',
    'x',
    JSON.stringify([
      {
        Id: I,
        Name: `/k8s_app_web-0_shop_${U}_3`,
        State: {
          Status: 'exited',
          Running: false,
          OOMKilled: true,
          ExitCode: 137,
          FinishedAt: '2022-03-15T00:22:41.5Z',
        },
        Config: {
          Image: 'web:1',
          Labels: {
            'io.kubernetes.pod.name': 'web-0',
            'io.kubernetes.pod.namespace': 'shop',
            'io.kubernetes.pod.uid': U,
            'io.kubernetes.container.name': 'app',
            'io.kubernetes.sandbox.id': S,
          },
        },
        HostConfig: { Memory: 536870912 },
      },
    ]),
    [
      {
        ...container,
        id: I,
        attempt: 3,
        podUid: U,
        sandboxId: S,
        image: 'web:1',
        limitBytes: 536870912,
        terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2022-03-15T00:22:41.5Z' },
      },
    ],
  ],
  ['a name in /var/log/containers', `/var/log/containers/web-0_shop_app-${I}.log`, '', [{ ...container, id: I }]],
  [
    'a name in /var/log/containers that is cut',
    `sos/var/log/containers/web-0_shop_my-app-${I.slice(0, 40)}`,
    '',
    [{ ...container, name: 'my-app', id: I.slice(0, 40) }],
  ],
  ['a name in /var/log/pods', `/var/log/pods/shop_web-0_${U}/app/3.log`, '', [{ ...container, attempt: 3, podUid: U }]],
  [
    'a rotated one',
    `n1/pods/shop_web-0_${U}/app/3.log.20220315-092241.gz`,
    '',
    [{ ...container, attempt: 3, podUid: U }],
  ],
  [
    'a folder of a pod',
    `var/log/pods/shop_web-0_${U}/`,
    '',
    [{ kind: 'pod', podName: 'web-0', namespace: 'shop', podUid: U, node: null }],
  ],
  ['not: a log', 'messages', 'Mar 15 09:22:41 n1 kernel: x invoked oom-killer: gfp_mask=0xd0, order=0\n', null],
  ['not: a log that quotes a header', 'messages', 'Mar 15 09:22:41 n1 app: NAME READY STATUS RESTARTS AGE\n', null],
  ['not: other JSON', 'x', '{"dmesg":[]}', null],
  ['not: broken JSON', 'x', '{"kind":"Pod"', null],
  ['not: many JSON objects', 'x', '{"MESSAGE":"a"}\n{"MESSAGE":"b"}\n', null],
  ['not: a deployment', 'x', 'apiVersion: apps/v1\nkind: Deployment\n', null],
  ['not: a list of services', 'x', JSON.stringify({ kind: 'List', items: [{ kind: 'Service' }] }), null],
  ['not: broken YAML', 'x', 'apiVersion: v1\nkind: Pod\nmetadata: {\n', null],
  ['not: an image with Id, Config', 'x', '[{"Id":"sha256:1","Config":{}}]', null],
  ['not: another log', '/var/log/app_web_x-1.log', 'text', null],
  ['not: nothing', 'x', '', null],
]

describe('readListing', () => {
  test.each(rows)('%s', async (_, path, text, expected) => {
    expect((await readListing(text, path))?.facts ?? null).toEqual(expected)
    if (expected !== null) expect(mayBeListing(text, path)).toBe(true)
  })

  test('a file cut anywhere is read without harm', async () => {
    for (const [, , text] of rows)
      for (let length = 0; length < text.length; length += 7) await readListing(text.slice(0, length), 'x')
  })
})
