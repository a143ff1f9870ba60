import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { ProblemError } from '#sdk'
import { clipPrefix, posterPrefix, recordingPrefix } from '../desk.ts'
import type { FeedFrame } from '../media/feed-frame.ts'
import { sendStoredFile } from '../media/stored-file.ts'
import { INDEX_FILE } from '../media/stream-files.ts'
import { isStillName, stillsFolder } from '../replays/storyboard/stills.ts'
import type { LiveContext } from '../settings.ts'
import { type DoorKey, doorHeader } from './door-key.ts'
import type { FeedRelay } from './feed-relay.ts'
import { nodeIdOf } from './node-id.ts'
import { originIdOf } from './origins.ts'

/** Unsent bytes of live media after which the other machine is dropped; it comes back and gets the window. */
const maxLag = 32 * 1024 * 1024
const fileName = /^[a-z0-9][a-z0-9-]{0,60}(\.[a-z0-9]{2,5})?$/
const address =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(feed|file|poster|clip|get|do|want)(?:\/([\w.-]{1,70}))?$/
const clipName = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(clip\.mp4|poster\.jpg)$/
const media = ['content-type', 'application/octet-stream', 'cache-control', 'no-store']

export type PlacedWork = (streamId: string, signal: AbortSignal, detail: string) => Promise<void>
/** What other machines may have done here, with what lies here: a job's short name -> what it does with a stream. */
export type NodeWork = Record<string, PlacedWork>
export type PlacedAnswer = (streamId: string, req: IncomingMessage, res: ServerResponse) => Promise<void>
/** What is made for other machines of what lies here, while it is sent. */
export type NodeAnswers = Record<string, PlacedAnswer>

interface DoorParts {
  ctx: LiveContext
  key: DoorKey
  relay(): Promise<FeedRelay>
  work: NodeWork
  answers: NodeAnswers
}

/**
 * The door for other machines of the installation: one stream's frames as they come, files of its folder, posters.
 * Nothing is looked at before the signature is found good.
 */
export class NodeDoor {
  readonly #parts: DoorParts

  constructor(parts: DoorParts) {
    this.#parts = parts
  }

  async handle(req: IncomingMessage, res: ServerResponse, rest: string): Promise<void> {
    const { ctx, key } = this.#parts
    const { method = '', url = '', headers } = req
    if (!key.isGood(headers[doorHeader], { method, path: url, nodeId: nodeIdOf(ctx) }))
      return refuse(res, 403)
    const [, streamId = '', what = '', name = ''] = address.exec(rest) ?? []
    if (streamId === '' || !(await this.#isHere(streamId))) return refuse(res, 404)
    const isAction = what === 'do' || what === 'want'
    const allowed = isAction ? ['POST'] : what === 'get' ? ['GET', 'HEAD'] : ['GET']
    if (!allowed.includes(method)) return refuse(res, 405)
    if (what === 'feed') return this.#feed(res, streamId)
    if (isAction) return this.#act(res, what, { streamId, name })
    if (what === 'get') return this.#make(req, res, { streamId, name })
    const path = this.#pathOf(what, streamId, name)
    if (path === null) return refuse(res, 404)
    const sent = name === INDEX_FILE ? [...media, ...(await tagOf(path))] : media
    if (!(await sendStoredFile(req, res, path, sent))) refuse(res, 404)
  }

  #pathOf(what: string, streamId: string, name: string): { dir: string; name: string } | null {
    const { storage } = this.#parts.ctx
    const [, clipId = '', file = ''] = (what === 'clip' && clipName.exec(name)) || []
    if (what === 'clip')
      return file === '' ? null : { dir: storage.localFolder(clipPrefix(clipId)), name: file }
    if (!fileName.test(name)) return null
    if (what === 'poster') return { dir: storage.localFolder(posterPrefix(streamId)), name }
    const dir = storage.localFolder(recordingPrefix(streamId))
    return { dir: isStillName(name) ? join(dir, stillsFolder) : dir, name }
  }

  async #make(
    req: IncomingMessage,
    res: ServerResponse,
    { streamId, name }: { streamId: string; name: string },
  ): Promise<void> {
    const { answers } = this.#parts
    if (!Object.hasOwn(answers, name)) return refuse(res, 404)
    try {
      await answers[name]?.(streamId, req, res)
    } catch (error) {
      if (!(error instanceof ProblemError) || res.headersSent) throw error
      refuse(res, error.problem.status)
    }
  }

  async #isHere(streamId: string): Promise<boolean> {
    const { ctx } = this.#parts
    return (await originIdOf(ctx.db, streamId)) === nodeIdOf(ctx)
  }

  async #feed(res: ServerResponse, streamId: string): Promise<void> {
    const relay = await this.#parts.relay()
    res.writeHead(200, media)
    res.flushHeaders()
    let allowed = maxLag
    const leave = relay.join(streamId, {
      write: (frame) => {
        send(res, frame)
        if (res.writableLength > allowed) res.destroy()
      },
      close: () => res.end(),
    })
    // What it was sent when it joined is no lag.
    allowed += res.writableLength
    res.once('close', leave)
    res.once('drain', () => {
      allowed = maxLag
    })
  }

  async #act(res: ServerResponse, what: string, of: { streamId: string; name: string }): Promise<void> {
    const { work, relay } = this.#parts
    const height = /^\d{2,4}$/.test(of.name) ? Number(of.name) : null
    const [, job = '', detail = ''] = /^([\w-]+)(?:\.(.+))?$/.exec(of.name) ?? []
    if (what === 'want' && height !== null) (await relay()).want(of.streamId, height)
    else if (what === 'do' && Object.hasOwn(work, job))
      await doWhileAsked(res, (signal) => work[job]?.(of.streamId, signal, detail))
    else return refuse(res, 404)
    res.writeHead(204).end()
  }
}

/** Another one once the file was replaced; not when it grows. */
async function tagOf({ dir, name }: { dir: string; name: string }): Promise<string[]> {
  const found = await stat(join(dir, name)).catch(() => null)
  return found ? ['etag', `"${found.ino}"`] : []
}

/** The work is given up when the machine that asked for it is gone: its job will be tried again. */
async function doWhileAsked(
  res: ServerResponse,
  work: (signal: AbortSignal) => Promise<void> | undefined,
): Promise<void> {
  const asked = new AbortController()
  const leave = () => asked.abort()
  res.once('close', leave)
  try {
    await work(asked.signal)
  } finally {
    res.off('close', leave)
  }
}

function send(res: ServerResponse, frame: FeedFrame): void {
  res.cork()
  res.write(frame.head)
  if (frame.body !== null) res.write(frame.body)
  res.uncork()
}

function refuse(res: ServerResponse, status: number): void {
  res.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('No.\n')
}
