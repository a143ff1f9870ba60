import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Log } from '#sdk'
import { type SupervisedChild, superviseChild } from './child.ts'

type Line = [level: string, fields: Record<string, unknown>, message: string]
const lines: Line[] = []
const write = (level: string) => (fields: object, message: string) => {
  lines.push([level, fields as Record<string, unknown>, message])
}
const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
const echo = new URL('./testdata/echo.ts', import.meta.url)

let child: SupervisedChild | null = null
function start(module = echo, options: { env?: Record<string, string> } = {}) {
  child = superviseChild(module, { log, ...options })
  return child
}
const nextMessage = (from: SupervisedChild) =>
  new Promise<Record<string, unknown>>((done) =>
    from.onMessage((message) => done(message as Record<string, unknown>)),
  )
async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`It never came to this: ${isTrue}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}

const test = suite('child process')
test.before.each(() => {
  lines.length = 0
})
test.after.each(async () => {
  await child?.stop()
  child = null
})

test('passes messages both ways, buffers included', async () => {
  const echoing = start()
  const answer = nextMessage(echoing)
  echoing.send({ do: 'echo', value: { bytes: Buffer.from('abc'), at: new Date(0) } })
  const { echo: value } = await answer
  assert.equal(value, { bytes: Buffer.from('abc'), at: new Date(0) })
  assert.ok(echoing.isRunning)
})

test('starts a dead child again, tells so, and delivers what was sent meanwhile', async () => {
  const echoing = start()
  let starts = 0
  echoing.onStart(() => {
    starts += 1
  })
  await until(() => starts === 1)
  echoing.send({ do: 'die' })
  await until(() => !echoing.isRunning)
  assert.is(echoing.pid, undefined)
  const answer = nextMessage(echoing)
  echoing.send({ do: 'echo', value: 'while down' })
  assert.equal(await answer, { echo: 'while down' })
  assert.equal([starts, echoing.restarts], [2, 1])
  const died = lines.find(([level]) => level === 'warn')
  assert.equal(died?.[1], { child: 'echo', code: 7, signal: null, delayMs: 200 })
})

test('waits longer each time a child dies at once', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veza-child-'))
  try {
    const broken = join(dir, 'broken.mjs')
    await writeFile(broken, 'process.exit(3)')
    start(pathToFileURL(broken))
    await until(() => lines.length === 3)
    assert.equal(
      lines.map(([, fields]) => fields.delayMs),
      [200, 400, 800],
    )
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('keeps only the newest thousand messages for a child that is down', async () => {
  const echoing = start()
  await until(() => echoing.isRunning)
  const { pid } = echoing
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => !echoing.isRunning)
  const heard: unknown[] = []
  echoing.onMessage((message) => heard.push((message as { echo: unknown }).echo))
  for (let value = 0; value < 1500; value += 1) echoing.send({ do: 'echo', value })
  await until(() => heard.length === 1000)
  assert.equal([heard[0], heard.at(-1)], [500, 1499])
})

test('gives the child no secret of our environment', async () => {
  process.env.VEZA_SECRET = 'canary'
  process.env.AWS_SECRET = 'canary'
  process.env.NODE_OPTIONS = '--no-warnings'
  try {
    const echoing = start(echo, { env: { EXTRA: 'given' } })
    const answer = nextMessage(echoing)
    echoing.send({ do: 'env' })
    const { env, execArgv } = (await answer) as { env: Record<string, string>; execArgv: string[] }
    assert.not.match(JSON.stringify(env), 'canary')
    assert.is(env.NODE_OPTIONS, undefined)
    assert.equal([env.EXTRA, env.PATH], ['given', process.env.PATH])
    assert.is(execArgv[0], '--conditions=veza-source')
  } finally {
    for (const name of ['VEZA_SECRET', 'AWS_SECRET', 'NODE_OPTIONS']) delete process.env[name]
  }
})

test('runs built JavaScript without the flags for sources', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veza-child-'))
  try {
    const built = join(dir, 'built.mjs')
    await writeFile(built, 'process.on("message", () => process.send(process.execArgv))')
    const running = start(pathToFileURL(built))
    const answer = nextMessage(running)
    running.send({})
    assert.equal(await answer, [])
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('writes what the child prints to the log', async () => {
  const echoing = start()
  echoing.send({ do: 'print', value: 'plain words' })
  echoing.send({ do: 'print', value: '{"level":"error","time":1,"streamId":"s","msg":"own log"}' })
  await until(() => lines.length === 2)
  assert.equal(lines, [
    ['info', { child: 'echo' }, 'plain words'],
    ['error', { streamId: 's' }, 'own log'],
  ])
})

test('stops for good, also a child that ignores SIGTERM', async () => {
  const willing = start()
  await until(() => willing.isRunning)
  await willing.stop()
  assert.not(willing.isRunning)
  assert.is(willing.restarts, 0)
  const stubborn = start()
  const ready = nextMessage(stubborn)
  stubborn.send({ do: 'be-stubborn' })
  await ready
  const { pid } = stubborn
  await stubborn.stop()
  assert.throws(() => process.kill(pid ?? 0, 0), 'ESRCH')
})

test('does not start a child again that is stopped while it waits', async () => {
  const echoing = start()
  await until(() => echoing.isRunning)
  echoing.send({ do: 'die' })
  await until(() => !echoing.isRunning)
  await echoing.stop()
  await new Promise((done) => setTimeout(done, 300))
  assert.equal([echoing.restarts, echoing.isRunning], [0, false])
})

test.run()
