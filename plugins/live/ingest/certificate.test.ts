import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { certificateCheck } from '../certificate-check.ts'
import { TestIngest, until } from './test-kit.ts'

interface Context {
  dir: string
  files: { certFile: string; keyFile: string }
  /** A new pair of that name, as good for so long; in files of its own. */
  made(name: string, days?: number): { certFile: string; keyFile: string }
  live: TestIngest
  sockets: (Socket | TLSSocket)[]
}

const test = suite<Context>('the certificate of RTMPS')
test.before((context) => {
  const dir = mkdtempSync(join(tmpdir(), 'veza-certificate-'))
  const filesOf = (name: string) => ({
    certFile: join(dir, `${name}.pem`),
    keyFile: join(dir, `${name}.key`),
  })
  context.dir = dir
  context.made = (name, days = 90) => {
    const files = filesOf(name)
    const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days ${days} -subj /CN=${name}`
    const where = ['-keyout', files.keyFile, '-out', files.certFile]
    execFileSync('openssl', [...request.split(' '), ...where], { stdio: 'ignore' })
    return files
  }
  context.sockets = []
})
test.before.each(async (context) => {
  context.files = context.made('first')
  context.live = new TestIngest({ certificateEveryMs: 20, publishWithinMs: 1_000, connectionsByLoopback: 4 })
})
test.after.each(async ({ live, sockets }) => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await live.ingest.stop()
})
test.after(({ dir }) => rmSync(dir, { recursive: true, force: true }))

/** Shakes hands and stays; the name in the certificate it was shown. */
function shownAt({ live, sockets }: Context): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: live.rtmpsPort, host: '127.0.0.1', rejectUnauthorized: false })
    sockets.push(socket)
    socket.once('secureConnect', () => resolve(String(socket.getPeerCertificate().subject.CN)))
    socket.once('error', reject)
  })
}
const leave = ({ sockets }: Context) => {
  for (const socket of sockets.splice(0)) socket.destroy()
}
/** What health says in so many days; nothing where all is well. */
async function foundAt(files: Context['files'], inDays = 0): Promise<string> {
  const finding = await certificateCheck(files, () => Date.now() + inDays * 86_400_000).run()
  return finding ? (finding.message as { en: string }).en : ''
}
const complaints = ({ live }: Context) => live.all('log').filter(({ level }) => level === 'error')

test('a renewed pair is shown to who comes next, and who is on air stays [LIVE-01] [OPS-09]', async (context) => {
  const { live, files } = context
  await live.listen(files)
  assert.is(await shownAt(context), 'first')
  const [onAir] = context.sockets.splice(0) as [TLSSocket]
  const second = context.made('second')
  copyFileSync(second.certFile, files.certFile)
  copyFileSync(second.keyFile, files.keyFile)
  const renewed = await live.wait('log')
  assert.is(await shownAt(context), 'second')
  assert.is(onAir.destroyed, false)
  context.sockets.push(onAir)
  assert.equal([renewed.level, Object.keys(renewed.fields ?? {})], ['info', ['until']])
})

test('a pair that is broken, half written or of two leaves the one before, and is told once [LIVE-01] [OPS-09]', async (context) => {
  const { live, files } = context
  await live.listen(files)
  const second = context.made('second')
  const whole = readFileSync(second.certFile)
  const broken: [write: () => void, why: RegExp][] = [
    [() => copyFileSync(second.certFile, files.certFile), /is not that of the certificate/],
    [() => writeFileSync(files.certFile, whole.subarray(0, 200)), /not all of it/],
    [() => writeFileSync(files.certFile, Buffer.concat([whole, whole.subarray(0, 200)])), /not all of it/],
    [() => rmSync(files.certFile), /cannot be read \(ENOENT\)/],
    [() => writeFileSync(files.keyFile, ''), /cannot be read|no key/],
  ]
  for (const [at, [write, why]] of broken.entries()) {
    write()
    await until(() => complaints(context).length > at, 'a complaint')
    const { message, fields } = complaints(context)[at]!
    assert.match(message, /the one before stays/)
    assert.match(String(fields?.why), why)
    assert.is(await shownAt(context), 'first')
    leave(context)
  }
  assert.match(await foundAt(files), /^The certificate of RTMPS cannot be used: /)
  copyFileSync(second.certFile, files.certFile)
  copyFileSync(second.keyFile, files.keyFile)
  await until(() => live.all('log').some(({ level }) => level === 'info'), 'the new certificate')
  assert.is(await shownAt(context), 'second')
  assert.is(complaints(context).length, broken.length)
})

test('without a pair RTMP goes on and RTMPS opens when there is one [LIVE-01] [OPS-09]', async (context) => {
  const { live, files } = context
  const good = readFileSync(files.certFile)
  rmSync(files.certFile)
  await live.listen(files)
  assert.is(live.rtmpsPort, 0)
  assert.match(complaints(context)[0]?.message ?? '', /^RTMPS waits/)
  writeFileSync(files.certFile, good)
  const { port, rtmpsPort } = await live.wait('listening', 2)
  assert.is(port, live.port)
  live.rtmpsPort = rtmpsPort ?? 0
  assert.is(await shownAt(context), 'first')
  assert.is(complaints(context).length, 1)
})

test('health warns fourteen days before the end, and when it is over [OPS-09]', async ({ files }) => {
  assert.is(await foundAt(files, 75), '')
  assert.match(await foundAt(files, 77), /^The certificate of RTMPS ends on \d{4}-\d\d-\d\d\.$/)
  assert.match(await foundAt(files, 91), /ended on .*encoders refuse it/)
})

test('who never shakes hands, or speaks plainly, is cut and counted before [LIVE-02] [SEC-06]', async (context) => {
  const { live, files, sockets } = context
  await live.listen(files)
  const words = ['', '', '\u0003', 'GET / HTTP/1.1\r\n\r\n']
  const closed = words.map((text) => {
    const socket = connect(live.rtmpsPort, '127.0.0.1', () => socket.write(text)).on('error', () => undefined)
    sockets.push(socket)
    return new Promise((resolve) => socket.once('close', resolve))
  })
  await until(() => live.ingest.openConnections >= 3, 'connections')
  await Promise.all(closed)
  await until(() => live.ingest.openConnections === 0, 'none to be left')
})

test.run()
