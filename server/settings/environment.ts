import { readFileSync } from 'node:fs'
import { z } from '#contract'
import { VezaError } from '../errors.ts'

/** One setting that has a value of its own. */
export interface Leaf {
  path: string[]
  schema: z.ZodType
  description: string
}

/** The settings of an object schema, depth first. */
export function leavesOf(schema: z.ZodType, path: string[] = []): Leaf[] {
  const inner = unwrap(schema)
  if (!(inner instanceof z.ZodObject)) return [{ path, schema, description: describe(schema) }]
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
    leavesOf(value, [...path, key]),
  )
}

/** `['rtmp', 'publicHost']` -> `VEZA_RTMP_PUBLIC_HOST` */
export function environmentName(path: string[]): string {
  return `VEZA_${path
    .map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`))
    .join('_')
    .toUpperCase()}`
}

/** The values set in the environment (`VEZA_…`, or `VEZA_…_FILE` for a file that holds it), as a nested object. */
export function fromEnvironment(
  schema: z.ZodType,
  environment: NodeJS.ProcessEnv,
  prefix: string[] = [],
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const leaf of leavesOf(schema)) {
    const text = readVariable(environmentName([...prefix, ...leaf.path]), environment)
    if (text !== undefined) setAt(out, leaf.path, convertText(leaf.schema, text))
  }
  return out
}

/** Nested objects merged; later ones win, lists are replaced whole. */
export function mergeDeep(...layers: Record<string, unknown>[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const layer of layers)
    for (const [key, value] of Object.entries(layer)) {
      const before = out[key]
      out[key] = isObject(before) && isObject(value) ? mergeDeep(before, value) : value
    }
  return out
}

function readVariable(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment[`${name}_FILE`]
  if (!file) return environment[name] || undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new VezaError(
      `${name}_FILE points to ${file}, which cannot be read.`,
      'Correct the path or the rights of the file.',
      { cause },
    )
  }
}

/** A text as the kind of value its setting has; left a text where it is not one, for the schema to refuse. */
export function convertText(schema: z.ZodType, text: string): unknown {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodNumber)
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (inner instanceof z.ZodBoolean)
    return /^(1|true|yes|on)$/i.test(text) ? true : /^(0|false|no|off)$/i.test(text) ? false : text
  if (inner instanceof z.ZodArray)
    return text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
  return inner instanceof z.ZodRecord ? parsedOr(text) : text
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable
  )
    inner = inner.unwrap() as z.ZodType
  return inner
}

function describe(schema: z.ZodType): string {
  return schema.description ?? unwrap(schema).description ?? ''
}

function setAt(target: Record<string, unknown>, path: string[], value: unknown): void {
  const [head, ...rest] = path
  if (head === undefined) return
  if (rest.length === 0) target[head] = value
  else {
    if (!isObject(target[head])) target[head] = {}
    setAt(target[head] as Record<string, unknown>, rest, value)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
