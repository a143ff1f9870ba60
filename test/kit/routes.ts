import { randomUUID } from 'node:crypto'
import { type Route, z } from '#contract'

interface JsonSchema {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  anyOf?: JsonSchema[]
  minimum?: number
  default?: unknown
  properties?: Fields
  required?: string[]
}

type Fields = Record<string, JsonSchema>

/** A field of a route's body or query: its name and the JSON types it takes. */
export interface Field {
  name: string
  types: string[]
}

/** Values with rules of their own, by the name of their field. */
const known: Record<string, unknown> = {
  slug: 'sample-slug',
  username: 'sample-name',
  email: 'sample@people.test',
  accent: '#112233',
  clientId: 'c-1',
  password: 'a long password',
  token: 'a-token-of-some-length',
  refreshToken: 'a-token-of-some-length',
  invitation: 'a-token-of-some-length',
  ticket: 'a-token-of-some-length',
  newPassword: 'another long password',
  code: '123456',
  scopes: ['api-read'],
  securityContact: 'mailto:security@people.test',
  assetIds: [randomUUID()],
  ids: [randomUUID()],
  trackIds: [randomUUID()],
  itemIds: [randomUUID()],
  url: 'rtmp://sample.test/app',
  timeZone: 'Europe/Paris',
  upc: '4006381333931',
  isrc: 'FRZ032600123',
  key: 'Am',
  releaseDate: '2026-11-22',
  at: null,
}

/** The fields of a route's body or query. */
export function fieldsOf(schema: z.ZodType | undefined): Field[] {
  const { properties, anyOf = [] } = jsonSchema(schema)
  const fields = Object.assign({}, ...anyOf.map((shape) => shape.properties), properties) as Fields
  return Object.entries(fields).map(([name, field]) => ({ name, types: typesOf(field) }))
}

/** A body that the route's schema takes; undefined where it has none. */
export function sampleBody(route: Route): Record<string, unknown> | undefined {
  return route.body && sampleObject(jsonSchema(route.body))
}

/** A query with what the route cannot do without. */
export function sampleQuery(route: Route): Record<string, string> {
  const { properties = {}, required = [] } = jsonSchema(route.query)
  return Object.fromEntries(required.map((name) => [name, String(sampleOf(name, properties[name] ?? {}))]))
}

/** Of a choice of shapes the first. */
function sampleObject({ anyOf, properties = anyOf?.[0]?.properties ?? {} }: JsonSchema) {
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, sampleOf(name, field)]))
}

/** The route's address with its parameters filled: ids with random UUIDs, the rest with `sample`, unless given. */
export function pathOf(route: Route, params: Record<string, string> = {}): string {
  return route.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = params[name] ?? (isId(name) ? randomUUID() : 'sample')
    return encodeURIComponent(value)
  })
}

/** Names of the parameters in a route's path. */
export const paramsOf = (route: Route): string[] =>
  [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

/** Whether a path parameter of that name must be a UUID. */
export const isId = (name: string): boolean => name === 'id' || name.endsWith('Id')

function jsonSchema(schema: z.ZodType | undefined): JsonSchema {
  return schema ? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema) : {}
}

function typesOf({ type, anyOf, enum: values }: JsonSchema): string[] {
  if (anyOf) return anyOf.flatMap(typesOf)
  if (type === undefined) return values ? ['string'] : ['any']
  return [type].flat()
}

function sampleOf(name: string, field: JsonSchema): unknown {
  if (name in known) return known[name]
  if (field.format === 'uuid') return randomUUID()
  if (field.format === 'date-time') return new Date().toISOString()
  if (field.enum) return field.enum[0]
  if (field.anyOf?.[0]) return sampleOf('', field.anyOf[0])
  const [type] = typesOf(field)
  if (type === 'boolean') return true
  if (type === 'array') return []
  if (type === 'object') return sampleObject(field)
  if (type === 'integer' || type === 'number') return Math.max(field.minimum ?? 0, 1)
  return type === 'string' ? 'sample' : null
}
