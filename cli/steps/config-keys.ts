import { parseDocument } from 'yaml'
import { admin, type z } from '#contract'
import type { Plugin } from '../../server/sdk/index.ts'
import { convertText, environmentName, leavesOf } from '../../server/settings/environment.ts'
import { ApplianceConfig } from '../../server/settings/schema.ts'

/** One setting a person may look at or change. */
export interface KnownKey {
  /** `http.port`, `plugins.live.graceS`, `site.title` */
  key: string
  path: string[]
  schema: z.ZodType
  description: string
  /** Where it is kept: config.yaml, or the site's database. */
  home: 'file' | 'site'
}

const secretName = /password|secret|token|key$/i

/** Every setting of the appliance, of these plugins and of a site. */
export function knownKeys(plugins: readonly Plugin[]): KnownKey[] {
  const ofFile = leavesOf(ApplianceConfig).filter(({ path }) => path[0] !== 'plugins')
  const ofPlugins = plugins.flatMap(({ name, settings }) =>
    settings ? leavesOf(settings, ['plugins', name]) : [],
  )
  const ofSite = leavesOf(admin.SiteSettings, ['site'])
  return [
    ...[...ofFile, ...ofPlugins].map((leaf) => ({ ...leaf, home: 'file' as const })),
    ...ofSite.map((leaf) => ({ ...leaf, home: 'site' as const })),
  ].map((leaf) => ({ ...leaf, key: leaf.path.join('.') }))
}

export interface Valued {
  value: unknown
  source: 'environment' | 'file' | 'site' | 'default'
}

/** What a key of config.yaml is set to, and by whom; not checked. */
export function settingOf(
  { path, schema }: KnownKey,
  fromFile: Record<string, unknown>,
  variable: (name: string) => string | undefined,
): Valued {
  const name = environmentName(path)
  const file = variable(`${name}_FILE`)
  if (file) return { value: `(in ${file})`, source: 'environment' }
  const text = variable(name)
  if (text) return { value: convertText(schema, text), source: 'environment' }
  const inFile = path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined,
    fromFile,
  )
  if (inFile !== undefined) return { value: inFile, source: 'file' }
  return { value: defaultOf(schema), source: 'default' }
}

export function defaultOf(schema: z.ZodType): unknown {
  const result = schema.safeParse(undefined)
  return result.success ? result.data : undefined
}

/** The value without what nobody should read over a shoulder. */
export function masked({ path }: KnownKey, value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (secretName.test(path.at(-1) ?? '') && typeof value === 'string') return '(hidden)'
  return typeof value === 'string' ? value.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1:(hidden)@') : value
}

/** The text of a config.yaml with one value set; comments and the order of lines stay. */
export function withValue(text: string, path: readonly string[], value: unknown): string {
  const document = parseDocument(text)
  document.setIn(path, value)
  return document.toString({ lineWidth: 0 })
}

/** config.example.yaml: every setting, out of use, with its default and its meaning. */
export function exampleText(plugins: readonly Plugin[]): string {
  const lines = [
    '# Every setting of Veza with its default. Copy what you change into config.yaml of the data folder,',
    '# without the # before it, or set it in the environment by the name behind it.',
  ]
  let open: string[] = []
  for (const { path, schema, description } of knownKeys(plugins).filter(({ home }) => home === 'file')) {
    const groups = path.slice(0, -1)
    const isSame = groups.every((part, depth) => open[depth] === part) && open.length === groups.length
    if (!isSame) {
      if (groups[0] !== open[0]) lines.push('')
      for (const [depth, part] of groups.entries())
        if (open[depth] !== part || depth >= open.length) lines.push(`# ${'  '.repeat(depth)}${part}:`)
      open = groups
    }
    const indent = '  '.repeat(groups.length)
    const value = defaultOf(schema)
    const text = value === undefined ? '' : ` ${JSON.stringify(value)}`
    lines.push(
      `# ${indent}${path.at(-1)}:${text}  # ${[description, environmentName([...path])].filter(Boolean).join('; ')}`,
    )
  }
  return `${lines.join('\n')}\n`
}
