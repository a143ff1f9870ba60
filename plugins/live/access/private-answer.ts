import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

type Given = OutgoingHttpHeaders | readonly string[] | undefined

/**
 * Whatever is answered from now on is for this caller alone: no cache on the way keeps it, and no other origin reads
 * it. Done at the response, so that no kind of file can be forgotten.
 */
export function answerPrivately(res: ServerResponse): void {
  const writeHead = res.writeHead.bind(res) as (status: number, headers: string[]) => ServerResponse
  res.writeHead = ((status: number, first?: Given | string, second?: Given) => {
    const given = typeof first === 'string' ? second : first
    return writeHead(status, closedHeaders(flat(given)))
  }) as ServerResponse['writeHead']
}

function closedHeaders(pairs: [string, string][]): string[] {
  const kept = pairs.filter(([name]) => !/^(?:access-control-allow-origin|vary)$/i.test(name))
  const closed = kept.map(([name, value]): [string, string] => [
    name,
    name.toLowerCase() === 'cache-control' ? privateCaching(value) : value,
  ])
  return [
    ...closed,
    ['vary', 'accept-encoding, cookie, authorization'] as const,
    ['cross-origin-resource-policy', 'same-origin'] as const,
    ['referrer-policy', 'no-referrer'] as const,
  ].flat()
}

const privateCaching = (value: string) =>
  /no-store|private/.test(value) ? value : `private, ${value.replace(/public,? */, '')}`

function flat(given: Given): [string, string][] {
  if (Array.isArray(given)) {
    const list = given as readonly string[]
    return list.flatMap((name, at) =>
      at % 2 === 0 ? [[name, String(list[at + 1])] as [string, string]] : [],
    )
  }
  return Object.entries((given ?? {}) as OutgoingHttpHeaders).map(([name, value]) => [name, String(value)])
}
