import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Encoder, media, TestIngest, until } from '../ingest/test-kit.ts'
import type { FromIngest, ToIngest } from '../media/types.ts'
import type { SimulcastTarget, ToldState } from './forwarders.ts'

interface Scene {
  dir: string
  there: TestIngest
  here: ChildProcess
  messages: FromIngest[]
  encoder: Encoder | null
}
const test = suite<Scene>('sending on over TLS')

/** Node trusts what it was told to when it started: the sender is a process of its own. */
test.before(async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'simulcast-tls-'))
  const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost'
  execFileSync('openssl', [...request.split(' '), '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
  const there = new TestIngest()
  await there.listen({ certFile, keyFile })
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certFile }
  const here = fork(new URL('../ingest/main.ts', import.meta.url), {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const messages: FromIngest[] = []
  const stream = { id: 'one', dir: join(dir, 'one'), segmentMs: 1_000, windowMs: 30_000, ladder: false }
  const send = (message: ToIngest) => here.send(message)
  here.on('message', (told: FromIngest) => {
    messages.push(told)
    if (told.type === 'publish-request')
      send({ type: 'publish-answer', requestId: told.requestId, accept: true, stream })
  })
  Object.assign(context, { dir, there, here, messages, encoder: null })
  send({ type: 'listen', rtmp: { host: '127.0.0.1', port: 0 }, socketPath: join(dir, 'feed.sock') })
})
test.after(async ({ dir, there, here, encoder }) => {
  await encoder?.stop()
  here.kill()
  if (here.exitCode === null) await once(here, 'exit')
  await there.ingest.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('media arrives where the certificate is for the name; what is wrong elsewhere is told as it is [LIVE-19] [SEC-05]', async (context) => {
  const { there, here, messages } = context
  const find = <Type extends FromIngest['type']>(type: Type) =>
    messages.findLast((message): message is Extract<FromIngest, { type: Type }> => message.type === type)
  await until(() => find('listening') !== undefined, 'the sender to listen')
  context.encoder = new Encoder(`rtmp://127.0.0.1:${find('listening')!.port}/live/key`, media.audioOnly)
  await until(() => find('playing') !== undefined, 'the stream')
  const at = (id: string, port: number, hostName: string): SimulcastTarget => {
    const to = { address: '127.0.0.1', isTls: true, app: 'live', streamKey: 'good' }
    return { id, port, hostName, ...to }
  }
  const targets = [
    at('good', there.rtmpsPort, 'localhost'),
    at('misnamed', there.rtmpsPort, 'live.example'),
    at('plain', there.port, 'localhost'),
    at('shut', 1, 'localhost'),
  ]
  const chosen = { picture: 'one', sound: 'one', soundOffsetMs: 0 }
  here.send({ type: 'simulcast', channelId: 'stage', streamIds: ['one'], targets, ...chosen })
  /** The first word on each that is not about its beginning. */
  const told = new Map<string, ToldState>()
  await until(() => {
    for (const message of messages)
      for (const state of message.type === 'simulcast' ? message.states : [])
        if (state.state !== 'connecting' && !told.has(state.id)) told.set(state.id, state)
    return told.size === targets.length
  }, 'word of each')
  assert.equal(
    targets.map(({ id }) => [id, told.get(id)!.state, told.get(id)!.fault]),
    [
      ['good', 'sending', null],
      ['misnamed', 'waiting', 'bad-certificate'],
      ['plain', 'waiting', 'no-tls'],
      ['shut', 'waiting', 'unreachable'],
    ],
  )
  await until(() => (there.receivers.get('one')?.samples.length ?? 0) > 20, 'sound at the other site')
  assert.equal(
    there.all('publish-request').map(({ host, key }) => [host, key]),
    [['localhost', 'good']],
  )
})

test.run()
