import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLog } from './index.ts'
import { rotatingFile } from './rotating-file.ts'

let dir: string
let lines: string[]
const stdout = { write: (line: string) => lines.push(line) }
const test = suite('log')
test.before.each(async () => {
  lines = []
  dir = await mkdtemp(join(tmpdir(), 'veza-log-'))
})
test.after.each(async () => {
  await rm(dir, { recursive: true, force: true })
})
const last = () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>

test('writes one JSON line an entry, with level, time and the fields of its child', () => {
  const log = createLog({ level: 'info', stdout })
  log.child({ requestId: 'r1' }).warn({ status: 503, note: 'a\nb' }, 'Slow.')
  log.debug({}, 'not asked for')
  assert.is(lines.length, 1)
  assert.match(lines[0] ?? '', /^[^\n]+\n$/)
  const { time, ...rest } = last()
  assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/)
  assert.equal(rest, { level: 'warn', requestId: 'r1', status: 503, note: 'a\nb', msg: 'Slow.' })
})

test('never writes a secret, wherever it hides', () => {
  const log = createLog({ level: 'debug', stdout })
  const canary = 'canary-5d1f'
  const cause = Object.assign(new Error(`postgres://veza:${canary}@db/veza`), { password: canary })
  const error = Object.assign(new Error(`GET /x?token=${canary}&a=1`, { cause }), {
    config: { apiKey: canary },
  })
  const circular: Record<string, unknown> = { passphrase: canary }
  circular.self = circular
  const hidden: object[] = [
    { password: canary, newPassword: canary, SECRET: canary, accessToken: canary, streamKey: canary },
    { headers: { cookie: canary, Authorization: canary, 'set-cookie': [canary] } },
    { a: { b: { c: { d: { secret: canary } } } } },
    { a: { b: { c: { d: { e: { plain: canary } } } } } },
    { list: [{ token: canary }], rawHeaders: ['Cookie', `a=${canary}`, 'Authorization', canary] },
    { map: new Map([['secret', canary]]), set: new Set([{ token: canary }]), bytes: Buffer.from(canary) },
    { url: new URL(`https://user:${canary}@host/`), header: `Bearer ${canary}` },
    { path: `/media/1795312362.${canary}${canary}/live/a.m4s`, query: `a=1&signature=${canary}` },
    { path: `/hls/tm3abc.${canary}${canary}/live/v0.m4s`, from: `https://a/hls/tm3abc~${canary}${canary}/x` },
    { err: error },
    { error },
    circular,
  ]
  for (const fields of hidden) {
    log.info(fields, 'Something happened.')
    log.child(fields).error({}, 'Something happened.')
  }
  log.warn({}, `redis://:${canary}@cache did not answer to Basic ${canary}`)
  assert.is(lines.length, hidden.length * 2 + 1)
  for (const line of lines) {
    assert.not.match(line, 'canary')
    assert.not.match(line, Buffer.from(canary).toString('base64'))
  }
})

test('keeps what is no secret', () => {
  const log = createLog({ level: 'debug', stdout })
  const error = Object.assign(new RangeError('too far'), { code: 'E_FAR' })
  log.error({ err: error, at: new Date(0), url: 'https://host:8080/a?b=1', none: null, big: 5n }, 'Failed.')
  const { err, ...rest } = last() as { err: Record<string, unknown> }
  assert.equal([err.type, err.message, err.code], ['RangeError', 'too far', 'E_FAR'])
  assert.match(String(err.stack), 'log.test.ts')
  assert.is((rest as Record<string, unknown>).url, 'https://host:8080/a?b=1')
  assert.is((rest as Record<string, unknown>).at, '1970-01-01T00:00:00.000Z')
})

test('writes the same lines to a file that only its owner reads', async () => {
  const file = join(dir, 'logs', 'veza.log')
  const log = createLog({ level: 'info', stdout, file })
  log.info({ a: 1 }, 'One.')
  log.info({ a: 2 }, 'Two.')
  assert.is(await readFile(file, 'utf8'), lines.join(''))
  assert.is((await stat(file)).mode & 0o777, 0o600)
})

test('makes no file where it is silent', async () => {
  const log = createLog({ level: 'silent', stdout, file: join(dir, 'logs', 'veza.log') })
  log.error({}, 'Nobody hears.')
  assert.equal([lines, await readdir(dir)], [[], []])
})

test('turns a full file over and keeps only so many', async () => {
  const file = join(dir, 'veza.log')
  const log = rotatingFile(file, 100, 3)
  for (let number = 10; number < 30; number += 1) log.write(`${number}${'x'.repeat(37)}\n`)
  assert.equal((await readdir(dir)).sort(), ['veza.log', 'veza.log.1', 'veza.log.2', 'veza.log.3'])
  const numbers = async (name: string) => (await readFile(join(dir, name), 'utf8')).match(/^\d\d/gm)
  assert.equal(await numbers('veza.log'), ['28', '29'])
  assert.equal(await numbers('veza.log.3'), ['22', '23'])
  rotatingFile(file, 100, 3).write('after a restart, past the limit\n')
  assert.equal(await numbers('veza.log.1'), ['28', '29'])
})

test('goes on when the file cannot be written', () => {
  const log = rotatingFile(join(dir, 'not', 'there.log'))
  log.write('lost\n')
})

test.run()
