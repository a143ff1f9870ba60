import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { closest } from 'fastest-levenshtein'
import { parse } from 'yaml'
import type { z } from '#contract'
import { VezaError } from '../errors.ts'
import { environmentName, fromEnvironment, leavesOf, mergeDeep } from './environment.ts'
import { plainWords } from './plain-words.ts'
import { ApplianceConfig } from './schema.ts'

export interface LoadedConfig {
  dataDir: string
  file: string
  config: ApplianceConfig
  /** What the file itself says, for plugin settings and `config get`. */
  fromFile: Record<string, unknown>
  environment: NodeJS.ProcessEnv
}

/** The data folder: what was asked for, else VEZA_DATA, else the system's usual place. */
export function dataFolder(asked?: string, environment: NodeJS.ProcessEnv = process.env): string {
  if (asked) return resolve(asked)
  if (environment.VEZA_DATA) return resolve(environment.VEZA_DATA)
  return process.getuid?.() === 0 ? '/var/lib/veza' : join(homedir(), '.local/share/veza')
}

/**
 * Environment over file over defaults, checked strictly. Throws VezaError naming the key and the nearest known one.
 * `text` is taken instead of what is in the file.
 */
export function loadConfig(
  dataDir: string,
  environment: NodeJS.ProcessEnv = process.env,
  text?: string,
): LoadedConfig {
  const file = join(dataDir, 'config.yaml')
  const fromFile = text === undefined ? readConfigFile(dataDir) : readYaml(file, text)
  const merged = mergeDeep(fromFile, fromEnvironment(ApplianceConfig, environment))
  const config = parseSettings(ApplianceConfig, merged, file, environment)
  return { dataDir, file, config, fromFile, environment }
}

/** What config.yaml says, unchecked; nothing where there is none. */
export function readConfigFile(dataDir: string): Record<string, unknown> {
  const file = join(dataDir, 'config.yaml')
  return existsSync(file) ? readYaml(file, readFileSync(file, 'utf8')) : {}
}

/** The variable itself, for `--data`-like defaults of the CLI; the only door to the environment beside the schema. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name]
}

/**
 * Parses by a strict schema; the error is one sentence about the first problem, with what is known to be right.
 * A wrong value whose variable is set in `environment` is told to be from there.
 */
export function parseSettings<T>(
  schema: z.ZodType<T>,
  value: unknown,
  where: string,
  environment: NodeJS.ProcessEnv = {},
): T {
  const result = schema.safeParse(value, { error: plainWords })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue?.path.map(String) ?? []
  if (issue?.code === 'unrecognized_keys') {
    const wrong = [...path, issue.keys[0] ?? ''].join('.')
    const known = knownKeys(schema)
    throw new VezaError(
      `Unknown setting "${wrong}" in ${where}.`,
      `Did you mean "${closest(wrong, known)}"? \`veza config show\` lists every setting.`,
    )
  }
  const variable = environmentName(path)
  const isVariable = Boolean(environment[variable] || environment[`${variable}_FILE`])
  const reason = (issue?.message ?? 'wrong value').replace(/\.$/, '')
  throw new VezaError(
    `The setting "${path.join('.')}" in ${isVariable ? `the environment (${variable})` : where} is not right: ${reason}.`,
    'Correct it; `veza config show` lists every setting with its meaning.',
  )
}

function knownKeys(schema: z.ZodType): string[] {
  return leavesOf(schema).flatMap(({ path }) =>
    path.map((_part, index) => path.slice(0, index + 1).join('.')),
  )
}

function readYaml(file: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = parse(text)
  } catch (cause) {
    const first = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : ''
    throw new VezaError(
      `${file} is not valid YAML: ${first}`,
      'Correct the line named, or move the file away to start with the defaults.',
      { cause },
    )
  }
  if (value === null || value === undefined) return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw new VezaError(`${file} must hold settings as "name: value" lines.`, 'See config.example.yaml.')
  return withoutEmpty(value as Record<string, unknown>)
}

/** `redis:` with nothing behind it sets nothing. */
function withoutEmpty(settings: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(settings).flatMap(([key, value]) => {
    if (value === null) return []
    const isGroup = typeof value === 'object' && !Array.isArray(value)
    return [[key, isGroup ? withoutEmpty(value as Record<string, unknown>) : value]]
  })
  return Object.fromEntries(entries)
}
