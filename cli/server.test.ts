import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type RunningServer, startServer } from '../test/kit/server.ts'
import { eventually } from '../test/kit/wait.ts'
import { here, said } from './testdata/here.ts'
import { madeFolder, onTerminal, removeFolder, veza } from './testdata/veza.ts'

/** The commands beside a running server, and the server as they find it. */
const test = suite<{ server: RunningServer; parent: string }>('commands and the server')
test.before(async (context) => {
  context.parent = (await madeFolder()).parent
  context.server = await startServer({ dataDir: join(context.parent, 'data') })
})
test.after(async ({ server, parent }) => {
  await server?.close()
  await removeFolder(parent)
})
const json = (server: RunningServer, ...words: string[]) =>
  here([...words, '--data', server.dataDir, '--json'])

test('status shows every process with its streams, viewers, jobs and disk [OPS-02]', async ({ server }) => {
  const { code, stdout } = await server.cli(['status'])
  assert.is(code, 0)
  for (const part of [
    /process \d+: web, worker, ingest/,
    /viewers|watching/,
    /Streams on air/,
    /Jobs running: \d/,
    /Disk: /,
  ])
    assert.match(stdout, part)
  const [one] = (await json(server, 'status')).json.processes
  assert.equal([one.pid, one.httpPort, one.sites[0].name], [server.pid, server.port, 'main'])
  assert.equal(
    one.sites[0].gauges.filter((gauge: { name: string }) => gauge.name.startsWith('veza_live_')).length,
    2,
  )
})

test('the control socket is for its user alone', async ({ server }) => {
  const { mode } = await stat(join(server.dataDir, 'run/control-web.sock'))
  assert.is(mode & 0o777, 0o600)
})

test('the live status screen shows the same and ends with q [OPS-02]', async ({ server }) => {
  const ran = await onTerminal(['status', '--data', server.dataDir], [{ at: 'q quits', keys: 'q' }])
  assert.is(ran.code, 0, ran.stdout)
  for (const part of [/Machine/, /CPU/, /People watching/, /Jobs/]) assert.match(ran.stdout, part)
})

test('a second start on the same data is refused in words [OPS-13]', async ({ server }) => {
  const again = await server.cli(['start'])
  assert.is(again.code, 1)
  assert.match(again.stderr, /already runs on this data folder with the role web \(process \d+\)/)
  assert.not.match(again.stderr, /^\s+at /m)
})

test('roles may be split over processes of one machine, each role once [OPS-13]', async ({
  server,
  parent,
}) => {
  await server.stop()
  const web = await startServer({
    dataDir: server.dataDir,
    roles: ['web', 'ingest'],
    env: { VEZA_FFMPEG_PATH: '/nowhere/ffmpeg' },
  })
  assert.match(web.output(), /ffmpeg was not found[\s\S]*correct or remove it/, 'a warning, no more')
  const env = {
    VEZA_HTTP_HOST: '127.0.0.1',
    VEZA_HTTP_PORT: String(web.port),
    VEZA_DATA: join(parent, 'data'),
  }
  const worker = veza(['start', '--roles', 'worker', '--json'], env)
  await eventually('both to run', async () => (await json(web, 'status')).json?.processes.length === 2)
  const { processes } = (await json(web, 'status')).json
  assert.equal(processes.map((one: { roles: string[] }) => one.roles.join()).sort(), ['web,ingest', 'worker'])
  const clash = await veza(['start', '--roles', 'worker'], env)
  assert.is(clash.code, 1)
  assert.match(clash.stderr, /with the role worker \(process \d+\)/)
  const stopped = await web.cli(['stop', '--json'])
  assert.equal([stopped.code, JSON.parse(stopped.stdout).stopped.length], [0, 2])
  assert.is((await worker).code, 0)
  assert.is(await web.stop(), 0)
  assert.is((await json(web, 'status')).code, 1)
  await server.restart()
})

test('a port that another program has is a sentence and exit code 1 [OPS-13]', async ({ parent }) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const other = join(parent, 'ports')
  await here(['init', '--yes', '--data', other])
  const ran = await veza(['start', '--data', other], {
    VEZA_HTTP_HOST: '127.0.0.1',
    VEZA_HTTP_PORT: String(port),
  })
  taken.close()
  assert.is(ran.code, 1)
  assert.match(ran.stderr, new RegExp(`Port ${port} is already in use`))
  assert.not.match(ran.stderr, /^\s+at /m)
})

test('settings of the site reach the running server at once [OPS-03]', async ({ server }) => {
  assert.is((await json(server, 'config', 'set', 'site.title', 'Heard at once')).code, 0)
  await eventually('the title to be heard', async () => {
    const site = (await (await fetch(`${server.url}/api/v1/site`)).json()) as { title: string }
    return site.title === 'Heard at once'
  })
})

test('what would pull the data from under the server is refused while it runs', async ({
  server,
  parent,
}) => {
  const removed = await json(server, 'site', 'remove', 'main', '--yes')
  assert.is(removed.code, 1)
  assert.match(said(removed), /server is running/)
  const archive = join(parent, 'any.tar.gz')
  await writeFile(archive, 'x')
  const restored = await json(server, 'restore', archive)
  assert.is(restored.code, 1)
  assert.match(said(restored), /A server runs/)
})

test('doctor asks the running server and finds nothing wrong [OPS-02]', async ({ server }) => {
  const { code, json: answer } = await json(server, 'doctor')
  assert.equal([code, answer.isRunning], [0, true])
})

test('logs show what the server wrote, for a person and as it is [OPS-09]', async ({ server }) => {
  const { stdout, code } = await server.cli(['logs', '-n', '50'])
  assert.is(code, 0)
  assert.match(stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}info {3}RTMP ingest listens.*port=\d+$/m)
})

test('the wizard asks, checks each answer and makes the data folder [OPS-01] [OPS-02]', async ({
  parent,
}) => {
  const data = join(parent, 'asked')
  const ran = await onTerminal(
    ['init', '--data', data],
    [
      { at: 'Public address', keys: '\r' },
      { at: 'Name of the label', keys: 'Night Records\r' },
      { at: 'Your e-mail', keys: 'nobody\r' },
      { at: 'does not look like', keys: '@label.test\r' },
      { at: 'Your password', keys: 'short\r' },
      { at: 'at least 10', keys: '-but-longer\r' },
      { at: 'again', keys: 'with a slip\r' },
      { at: 'differ', keys: 'short-but-longer\r' },
      { at: 'again', keys: 'short-but-longer\r' },
    ],
  )
  assert.is(ran.code, 0, ran.stdout)
  assert.match(ran.stdout, /Veza is set up/)
  assert.not.match(ran.stdout, /short-but/, 'the password is not shown')
  const users = (await here(['user', 'list', '--data', data, '--json'])).json.items
  assert.equal(
    users.map((user: { email: string; roles: string[] }) => [user.email, user.roles]),
    [['nobody@label.test', ['owner']]],
  )
  assert.is(
    (await here(['config', 'get', 'site.title', '--data', data, '--json'])).json.value,
    'Night Records',
  )
})

test('SIGTERM ends the server in order with exit code 0 [OPS-13]', async ({ server }) => {
  assert.is((await fetch(`${server.url}/health/ready`)).status, 200)
  assert.is(await server.stop(), 0)
  const ran = await json(server, 'stop')
  assert.is(ran.code, 1)
})

test.run()
