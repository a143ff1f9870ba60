import { globSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { coreCommands } from '../cli/commands/index.ts'
import { bundledPluginCommands } from '../cli/commands/of-plugins.ts'
import { knownKeys } from '../cli/steps/config-keys.ts'
import { bundledPlugins } from '../plugins/index.ts'
import { environmentName, leavesOf } from '../server/settings/environment.ts'

const guides = globSync(['README.md', 'CHANGELOG.md', 'docs/*.md', 'server/decisions/*.md'])
const pluginPages = globSync('plugins/*/README.md')
const pages = [...guides, ...pluginPages].map((page) => {
  const text = readFileSync(page, 'utf8')
  return { page, text, code: codeOf(text) }
})

/** What is set as code: blocks line by line, and words between backticks. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n'))
  const indented = [...text.matchAll(/^ {4}(veza .*)$/gm)].map(([, line = '']) => line)
  const inline = [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word)
  return [...blocks.map((line) => line.replace(/\s#.*/, '')), ...indented, ...inline]
}

/** `page: what` of all that is wrong in the code of any page. */
const wrongIn = (find: (code: string, page: string) => string[]): string[] =>
  pages.flatMap(({ page, code }) =>
    code.flatMap((text) => find(text, page).map((what) => `${page}: ${what}`)),
  )

const test = suite('documentation')

test('every file that it names is there [UX-20]', () => {
  const named = /^(?:server|plugins|web|cli|test|docs|deploy|migrations)\/[\w./*-]+\.\w+$/
  assert.equal(
    wrongIn((code) => (named.test(code) && globSync(code).length === 0 ? [code] : [])),
    [],
  )
  const links = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/(?:\]\(|src(?:set)?=")(?!https?:|#)([^)#\s"]+)/g)].map(([, link = '']) => ({
      page,
      link,
    })),
  )
  const gone = links.filter(
    ({ page, link }) => globSync(new URL(link, `file:///${page}`).pathname.slice(1)).length === 0,
  )
  assert.equal(gone, [])
  assert.ok(pages.length > 10 && links.length > 10)
})

test('every command that it names is there, with its options [UX-20]', () => {
  const commands = [...coreCommands, ...bundledPluginCommands()]
  const groups = new Set(commands.map(({ name }) => name.split(' ')[0]))
  const everywhere = ['--json', '--data', '--site', '--help', '--version']
  let seen = 0
  const wrong = wrongIn((code) =>
    [...code.matchAll(/(?:^|&& )veza ([a-z][\w-]*)((?: [^&]*)?)/g)].flatMap(
      ([all, first = '', rest = '']) => {
        if (!groups.has(first)) return [all]
        seen++
        const words = rest.trim().split(' ')[0]?.split('|') ?? []
        const own = commands.filter(
          ({ name }) => name === first || words.some((word) => name === `${first} ${word}`),
        )
        if (own.length < (own[0]?.name === first ? 1 : words.length)) return [all]
        const options = own.flatMap(({ options = [] }) => options.map(([flags]) => flags.split(' ')[0]))
        const said = rest.match(/--[a-z][\w-]*/g) ?? []
        return said.filter((option) => !everywhere.includes(option) && !options.includes(option))
      },
    ),
  )
  assert.equal(wrong, [])
  assert.ok(seen > 40)
})

test('every setting that it names is there, in files and in the environment [UX-20]', () => {
  const keys = knownKeys(bundledPlugins)
  const roots = [...new Set(keys.map(({ path }) => path[0]))].join('|')
  const isKnown = (name: string) => keys.some(({ key }) => key === name || key.startsWith(`${name}.`))
  const wrongKeys = wrongIn((code, page) =>
    // What changed tells of names that are no more.
    page === 'CHANGELOG.md'
      ? []
      : [...code.matchAll(new RegExp(`^(?:veza config [gs]et )?((?:${roots})(?:\\.\\w+)+)`, 'g'))].flatMap(
          ([, name = '']) => (isKnown(name) || globSync(`*/${name}`).length > 0 ? [] : [name]),
        ),
  )
  assert.equal(wrongKeys, [])
  const variables = new Set([...keys.map(({ path }) => environmentName(path)), 'VEZA_DATA', 'VEZA_URL'])
  const wrongVariables = wrongIn((code) =>
    (code.match(/\bVEZA_(?!TEST_|BENCH_)[A-Z_]+/g) ?? []).filter(
      (name) => !variables.has(name.replace(/_FILE$/, '')) && !variables.has(name),
    ),
  )
  assert.equal(wrongVariables, [])
})

test('the page of each plugin names all of its settings and permissions [UX-20]', () => {
  for (const { name, settings, permissions } of bundledPlugins) {
    const text = readFileSync(`plugins/${name}/README.md`, 'utf8')
    const told = /\*\*Settings?\*\*(.*?)(?=\*\*[A-Z]|\n\n|$)/s.exec(text)?.[1] ?? ''
    const listed = [...told.matchAll(/`([a-z][A-Za-z]+)`/g)].map(([, setting]) => setting)
    const own = settings ? leavesOf(settings).map(({ path }) => path.join('.')) : []
    assert.equal(
      own.filter((setting) => !listed.includes(setting)),
      [],
      `settings that the page of ${name} leaves out`,
    )
    for (const permission of Object.keys(permissions ?? {}))
      assert.ok(text.includes(`\`${permission}\``), `the page of ${name} names ${permission}`)
  }
})

test('every route that it names is there [UX-20]', () => {
  const { paths } = JSON.parse(readFileSync('test/snapshots/openapi.json', 'utf8')) as { paths: object }
  const plain = (path: string) => path.replace(/\{\w+\}/g, '{}')
  const known = [
    ...Object.keys(paths).map(plain),
    '/api/v1/realtime',
    '/api/v1/openapi.json',
    '/api/v1/media/uploads',
  ]
  const wrong = wrongIn((code) => {
    const path = /^(?:[A-Z|]+ )?(\/api\/v1\/[\w/{}.-]+)/.exec(code)?.[1]
    return path && !known.some((one) => one.startsWith(plain(path))) ? [path] : []
  })
  assert.equal(wrong, [])
})

test.run()
