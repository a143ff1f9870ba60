import { type Route, z } from '#contract'

/** OpenAPI 3.1 made from the route tokens. [DEV-01] */
export function openApiOf(
  routes: Route[],
  info: { title: string; version: string; url: string },
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of [...routes].sort((a, b) => a.path.localeCompare(b.path))) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: info.title, version: info.version },
    servers: [{ url: info.url }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'veza_session' },
      },
      schemas: { Problem: problemSchema },
    },
  }
}

function operation(route: Route): Record<string, unknown> {
  const { $schema: _schema, ...query } = route.query ? jsonSchema(route.query, 'input') : { properties: {} }
  const required = new Set((query.required as string[] | undefined) ?? [])
  const parameters = [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries((query.properties as Record<string, unknown>) ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.has(name),
      schema,
    })),
  ]
  return {
    summary: route.summary,
    operationId: operationId(route),
    tags: [route.path.replace('/api/v1', '').split('/')[1]],
    security: route.access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    ...(typeof route.access === 'object' ? { 'x-permission': route.access.permission } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: route.takes
              ? Object.fromEntries(route.takes.map((type) => [type, { schema: bytesSchema }]))
              : { 'application/json': { schema: jsonSchema(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      ...doneOf(route),
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function doneOf({ result, type = 'application/json', isRaw, method }: Route): Record<string, unknown> {
  const description = 'Done'
  if (result) return { 200: { description, content: { [type]: { schema: jsonSchema(result, 'output') } } } }
  // Who answers by hand to a GET sends bytes.
  return isRaw && method === 'GET' ? { 200: { description } } : { 204: { description } }
}

function operationId(route: Route): string {
  const words = route.path
    .replace('/api/v1/', '')
    .split(/[/{}]+/)
    .filter(Boolean)
  return [route.method.toLowerCase(), ...words].join('-')
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >
  return rest
}

const bytesSchema = { type: 'string', format: 'binary' }
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}
