/** What a peer of the Icecast port is told. */
export interface Answer {
  status: number
  /** One sentence for people. */
  words?: string
  json?: string
  xml?: string
}

const reasons: Record<number, string> = {
  200: 'OK',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Authentication Required',
  403: 'Forbidden',
  404: 'Not Found',
  415: 'Unsupported Media Type',
  431: 'Request Header Fields Too Large',
}

/** HTTP/1.0, as these clients have known it for twenty years: what follows ends with the connection. */
export function answerOf({ status, words, json, xml }: Answer): string {
  const body = json ?? xml ?? (words === undefined ? '' : `${words}\n`)
  const type = json !== undefined ? 'application/json' : xml !== undefined ? 'text/xml' : 'text/plain'
  return [
    `HTTP/1.0 ${status} ${reasons[status]}`,
    'Server: Veza',
    'Allow: GET, PUT, SOURCE, OPTIONS',
    'Connection: close',
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="stream key"'] : []),
    ...(body === '' ? [] : [`Content-Type: ${type}; charset=utf-8`]),
    ...(status === 200 && body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body,
  ].join('\r\n')
}
