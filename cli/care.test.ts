import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../server/db/index.ts'
import { assertSaid, here } from './testdata/here.ts'
import { madeFolder, removeFolder } from './testdata/veza.ts'

interface Context {
  parent: string
  data: string
  run: (args: string[]) => ReturnType<typeof here>
}
const test = suite<Context>('care by the command: audit, keys, packages')
test.before(async (context) => {
  Object.assign(context, await madeFolder())
  context.run = (args) => here([...args, '--data', context.data])
})
test.after(({ parent }) => removeFolder(parent))

test('lists, proves and exports the audit log [SEC-01]', async ({ run, parent }) => {
  for (const name of ['anna', 'bo'])
    assert.is((await run(['user', 'add', '--email', `${name}@people.test`])).code, 0)
  const listed = await run(['audit', 'list', '--action', 'account.', '--limit', '2', '--json'])
  assert.equal(
    listed.json.items.map(({ action, seq }: { action: string; seq: number }) => [action, seq > 0]),
    [
      ['account.added', true],
      ['account.added', true],
    ],
  )
  assert.match((await run(['audit', 'list'])).stdout, /^NO +TIME +ACTION/)
  assert.match((await run(['audit', 'list', '--who', 'nobody'])).stdout, 'no such entries')
  assertSaid(await run(['audit', 'list', '--from', 'yesterday']), 2, /--from: Write it as/)
  const file = join(parent, 'log.jsonl')
  assert.is((await run(['audit', 'export', file])).code, 0)
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  assert.ok(lines.length >= 3 && JSON.parse(lines.at(-1) ?? '').action === 'audit.exported')
  assertSaid(await run(['audit', 'export', file]), 1, /There is a file .* already/)
  assert.is((await run(['audit', 'export', join(parent, 'log.txt'), '--format', 'csv'])).code, 0)
  assert.match(await readFile(join(parent, 'log.txt'), 'utf8'), /^"seq","id","at"/)
  const proof = await run(['audit', 'verify', '--json'])
  assert.equal([proof.code, proof.json.isWhole, proof.json.finding], [0, true, null])
})

test('a changed entry makes the proof end with 1 and name the entry [SEC-01]', async ({ run, data }) => {
  const database = await openDatabase({ location: join(data, 'sites/main/veza.db') })
  const rows = () => database.db('audit_entries').where({ seq: 2 })
  const { action } = await rows().first()
  await rows().update({ action: 'account.other' })
  const proof = await run(['audit', 'verify'])
  assert.is(proof.code, 1)
  assert.match(proof.stdout, /NOT whole\. Entry 2 \(account\.other/)
  assert.is((await run(['audit', 'verify', '--json'])).json.isWhole, false)
  await rows().update({ action })
  await database.close()
  assert.is((await run(['audit', 'verify'])).code, 0)
})

test('rotates keys, and tells their names but never the keys [SEC-09] [AUTH-03]', async ({ run, data }) => {
  const secrets = await readFile(join(data, 'keys/instance.key'), 'utf8')
  const rotated = await run(['key', 'rotate', '--json'])
  assert.is(rotated.code, 0, rotated.stderr)
  assert.equal(rotated.json.sites, ['main'])
  assert.ok(rotated.json.resealed > 0)
  const first = await run(['key', 'rotate', '--tokens', '--json'])
  const second = await run(['key', 'rotate', '--tokens', '--json'])
  const listed = await run(['key', 'list', '--json'])
  assert.equal(
    listed.json.instance.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent),
    [true, false],
  )
  assert.is(listed.json.instance[0].id, rotated.json.keyId)
  const signing = Object.fromEntries(
    listed.json.signing.map(({ id, expiresAt }: { id: string; expiresAt: string | null }) => [id, expiresAt]),
  )
  assert.is(signing[second.json.keyId], null)
  assert.ok(signing[first.json.keyId])
  const shown = listed.stdout + (await run(['key', 'list'])).stdout + rotated.stdout
  for (const secret of secrets.trim().split('\n')) assert.not.match(shown, secret)
  assert.not.match(shown, 'k\\.')
  const actions = (await run(['audit', 'list', '--action', 'keys.', '--json'])).json.items
  assert.equal(
    actions.map(({ action }: { action: string }) => action),
    ['keys.tokens-rotated', 'keys.tokens-rotated', 'keys.rotated'],
  )
  assert.match((await run(['audit', 'verify'])).stdout, 'is whole')
})

test('keys of the setting are sealed with anew, and it says so [SEC-09]', async ({ data }) => {
  const old = (await readFile(join(data, 'keys/instance.key'), 'utf8')).trim().replaceAll('\n', ',')
  const next = Buffer.alloc(32, 7).toString('base64url')
  const env = { VEZA_SECURITY_INSTANCE_KEY: `${next},${old}` }
  const ran = await here(['key', 'rotate', '--data', data], env)
  assert.is(ran.code, 0, ran.stderr)
  assert.match(ran.stdout, 'come from security.instanceKey: no new one was made')
  const without = await here(['key', 'rotate', '--data', data])
  assertSaid(without, 1, /sealed with a key that is not here/)
  assert.is(
    (await here(['key', 'rotate', '--data', data], { VEZA_SECURITY_INSTANCE_KEY: `${old},${next}` })).code,
    0,
  )
  assert.is((await here(['key', 'list', '--data', data])).code, 0)
})

test('lists every package it runs with, as CycloneDX and as text [SEC-14]', async ({ run }) => {
  const { stdout } = await run(['sbom'])
  const bom = JSON.parse(stdout)
  assert.equal([bom.bomFormat, bom.specVersion, bom.metadata.component.name], ['CycloneDX', '1.6', 'veza'])
  const own = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  const named = new Map<string, { version: string; purl: string; licenses?: unknown }>(
    bom.components.map((one: { group?: string; name: string }) => [
      one.group ? `${one.group}/${one.name}` : one.name,
      one,
    ]),
  )
  for (const name of Object.keys(own.dependencies)) {
    const { version } = JSON.parse(
      await readFile(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'),
    )
    assert.is(named.get(name)?.version, version, name)
  }
  for (const name of Object.keys(own.devDependencies).filter((name) => name.startsWith('@biomejs')))
    assert.not.ok(named.has(name))
  assert.is(
    named.get('@node-rs/argon2')?.purl,
    `pkg:npm/%40node-rs/argon2@${named.get('@node-rs/argon2')?.version}`,
  )
  assert.ok(
    [...named.values()].every(({ licenses }) => licenses),
    'each says its licence',
  )
  const refs = new Set([bom.metadata.component, ...bom.components].map((one) => one['bom-ref']))
  assert.is(refs.size, bom.components.length + 1)
  for (const { ref, dependsOn } of bom.dependencies)
    for (const one of [ref, ...dependsOn]) assert.ok(refs.has(one), one)
  assert.match((await run(['sbom', '--text'])).stdout, /^koa +\d+\.\d+\.\d+ +MIT$/m)
})

test.run()
