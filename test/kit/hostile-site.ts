import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A way to make somebody's browser send something. */
export interface Assault {
  method: string
  path: string
  /** Sent as JSON where the way can, else as near to it as it gets. */
  body: Record<string, unknown>
}

/** Somebody else's web site, whose pages do what they can to another one in their visitors' browsers. */
export interface HostileSite {
  /** The same machine as the attacked site, so that cookies of Lax are sent (a port is no part of a site). */
  sameSite: string
  crossSite: string
  close(): Promise<void>
}

const page = '<!doctype html><title>Nice pictures</title><h1>Nice pictures</h1><button>More</button>'

export async function openHostileSite(): Promise<HostileSite> {
  const server: Server = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    res.end(page)
  })
  await new Promise<void>((done) => server.listen(0, done))
  const { port } = server.address() as AddressInfo
  return {
    sameSite: `http://127.0.0.1:${port}/`,
    crossSite: `http://localhost:${port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/*
 * What follows runs in the browser, on the hostile page: each function is whole in itself.
 */

/** Sends forms of every encoding into frames of their own; resolves when all have been answered. */
export async function sendForms({ site, assaults }: { site: string; assaults: Assault[] }): Promise<number> {
  const enctypes = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']
  let sent = 0
  const send = ({ path, body }: Assault, enctype: string) =>
    new Promise<void>((done) => {
      const name = `frame${++sent}`
      const frame = Object.assign(document.createElement('iframe'), { name })
      document.body.append(frame)
      const form = document.createElement('form')
      Object.assign(form, { method: 'post', action: site + path, target: name, enctype })
      const field = (key: string, value: string) =>
        form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: key, value }))
      // As plain text a form can say JSON: `{"a":1,"x":"=` and what closes it.
      if (enctype === 'text/plain') field(`${JSON.stringify({ ...body }).slice(0, -1)}`, '}')
      else for (const [key, value] of Object.entries(body)) field(key, String(value))
      document.body.append(form)
      frame.addEventListener('load', () => done())
      form.submit()
    })
  while (assaults.length > 0)
    await Promise.all(
      assaults.splice(0, 8).flatMap((assault) => enctypes.map((enctype) => send(assault, enctype))),
    )
  return sent
}

/** Fetches with the visitor's cookies, by CORS and without; the ones whose answer could be read. */
export async function sendFetches({
  site,
  assaults,
}: {
  site: string
  assaults: Assault[]
}): Promise<string[]> {
  const read: string[] = []
  const send = async ({ method, path, body }: Assault, mode: RequestMode, type: string) => {
    const hasBody = method !== 'GET'
    const init: RequestInit = { method, mode, credentials: 'include', headers: { 'content-type': type } }
    const answer = await fetch(site + path, {
      ...init,
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    }).catch(() => null)
    if (answer && answer.type !== 'opaque') read.push(`${method} ${path} ${mode} ${type}: ${answer.status}`)
  }
  const all = assaults.flatMap((assault) => [
    send(assault, 'cors', 'application/json'),
    send(assault, 'cors', 'text/plain'),
    ...(['POST', 'GET'].includes(assault.method) ? [send(assault, 'no-cors', 'text/plain')] : []),
  ])
  await Promise.all(all)
  return read
}

/** Asks for addresses as pictures, scripts and styles; how many loaded. */
export async function loadAsResources({ site, paths }: { site: string; paths: string[] }): Promise<string[]> {
  const loaded: string[] = []
  const load = (kind: 'img' | 'script' | 'link', path: string) =>
    new Promise<void>((done) => {
      const element = document.createElement(kind)
      if (element instanceof HTMLLinkElement) Object.assign(element, { rel: 'stylesheet', href: site + path })
      else element.src = site + path
      element.addEventListener('load', () => {
        loaded.push(`${kind} ${path}`)
        done()
      })
      element.addEventListener('error', () => done())
      document.head.append(element)
    })
  await Promise.all(
    paths.flatMap((path) => (['img', 'script', 'link'] as const).map((kind) => load(kind, path))),
  )
  return loaded
}

/** Opens the realtime connection; what it heard before it was closed. */
export function listenIn({ site, frame }: { site: string; frame: object }): Promise<string[]> {
  return new Promise((done) => {
    const heard: string[] = []
    const socket = new WebSocket(`${site.replace('http', 'ws')}/api/v1/realtime`)
    socket.addEventListener('open', () => {
      heard.push('open')
      socket.send(JSON.stringify(frame))
    })
    socket.addEventListener('message', ({ data }) => heard.push(String(data)))
    socket.addEventListener('close', () => done(heard))
  })
}
