import type { IncomingMessage } from 'node:http'
import { Server, type Upload } from '@tus/server'
import { internal, malformed, notFound, type Problem, tooLarge, unsupportedType } from '#contract'
import { type Account, newId, ProblemError, problem } from '#sdk'
import { otherTus, uploadBusy, uploadGone, uploadMoved } from './contract.ts'
import { shownBatch, shownName, shownPath } from './names.ts'
import { admitUpload } from './room.ts'
import type { MediaContext } from './settings.ts'
import { UploadLocker } from './upload-lock.ts'
import { UploadStore } from './upload-store.ts'

/** Where uploads go, as tus has it in its addresses. */
export const uploadsPath = '/api/v1/media/uploads'
const longestMetadata = 4096

/** What tus asked for, and what it answers. */
export interface Asked {
  req: IncomingMessage
  account: Account
  /** Null for a new upload. */
  id: string | null
}
export interface TusAnswer {
  id: string
  status: number
  headers: [name: string, value: string][]
}

/** tus 1.0.0 over the uploads of one site. Refusals are thrown as problems. */
export class Tus {
  readonly store: UploadStore
  readonly #ctx: MediaContext
  readonly #server: Server
  readonly #asked = new WeakMap<object, Asked & { id: string }>()

  constructor(ctx: MediaContext) {
    this.#ctx = ctx
    this.store = new UploadStore(ctx.db, ctx.storage.localFolder('media/uploads'))
    const askedBy = (request: object) => this.#asked.get(request)
    this.#server = new Server({
      path: uploadsPath,
      datastore: this.store,
      locker: new UploadLocker(),
      relativeLocation: true,
      namingFunction: (request) => askedBy(request)?.id ?? '',
      getFileIdFromRequest: (request) => askedBy(request)?.id ?? '',
      onUploadCreate: async (request, upload) => {
        const { account } = askedBy(request) as Asked
        await this.#admit(account, upload)
        return {}
      },
      // The caller answers; thrown here, a refusal comes out of handleWeb.
      onResponseError: (_request, error) => {
        throw asProblem(error)
      },
    })
  }

  async ask(asked: Asked): Promise<TusAnswer> {
    const id = asked.id ?? newId()
    const request = requestOf(asked.req)
    this.#asked.set(request, { ...asked, id })
    const response = await this.#server.handleWeb(request)
    if (response.status >= 400) throw refusalOf(response.status, await response.text())
    const headers = [...response.headers].filter(([name]) => !/^access-control-|^content-length$/.test(name))
    return { id, status: response.status, headers }
  }

  async #admit(account: Account, upload: Upload): Promise<void> {
    const metadata = upload.metadata ?? {}
    if (JSON.stringify(metadata).length > longestMetadata)
      throw problem(malformed, 'Upload-Metadata is longer than 4 kB.')
    const announced = {
      id: upload.id,
      accountId: account.id,
      fileName: shownName(metadata.filename),
      relativePath: shownPath(metadata.relativePath),
      batch: shownBatch(metadata.batch),
      sizeBytes: upload.size ?? 0,
      metadataJson: metadata,
    }
    const { directory: folder } = this.store
    const settings = this.#ctx.settings.get()
    await admitUpload(this.#ctx.db, announced, { settings, account, folder })
    upload.creation_date = new Date().toISOString()
  }
}

type TusRequest = Parameters<Server['handleWeb']>[0]

/** Only what is tus's own, so that no proxy's header is taken for it. GET asks what HEAD asks. */
function requestOf(req: IncomingMessage): TusRequest {
  const isReading = req.method === 'GET' || req.method === 'HEAD'
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers))
    if (/^(?:upload-|tus-|content-(?:type|length)$)/.test(name) && typeof value === 'string')
      headers.set(name, value)
  if (isReading && !headers.has('tus-resumable')) headers.set('tus-resumable', '1.0.0')
  const body = isReading || req.method === 'DELETE' ? null : streamOf(req)
  const url = `http://localhost${req.url?.split('?')[0] ?? '/'}`
  const method = isReading ? 'HEAD' : (req.method ?? 'HEAD')
  const request = new Request(url, {
    method,
    headers,
    body,
    ...(body ? { duplex: 'half' } : {}),
  } as RequestInit)
  // tus listens there for connections that break off, and then keeps what came.
  return Object.assign(request, { runtime: { name: 'node', node: { req } } }) as unknown as TusRequest
}

/** As node's own toWeb, which copies every piece; a line that breaks off ends it, so that what came is kept. */
function streamOf(req: IncomingMessage): ReadableStream {
  const pieces = req.iterator({ destroyOnReturn: false })
  return new ReadableStream({
    pull: async (stream) => {
      const piece = await pieces.next().catch(() => null)
      if (!piece || piece.done) stream.close()
      else stream.enqueue(piece.value)
    },
    cancel: async () => void (await pieces.return?.()),
  })
}

function asProblem(error: unknown): unknown {
  if (error instanceof ProblemError) return error
  const { status_code: status, body } = error as { status_code?: number; body?: string }
  if (status === undefined) return error
  return body?.startsWith('failed to acquire lock') ? problem(uploadBusy) : refusalOf(status, body ?? '')
}

const byStatus: Record<number, Problem> = {
  404: notFound,
  409: uploadMoved,
  410: uploadGone,
  412: otherTus,
  413: tooLarge,
  415: unsupportedType,
  500: internal,
}

/** tus-node-server says 403 and 501 for headers that are missing or of extensions it does not have. */
function refusalOf(status: number, text: string): ProblemError {
  const known = byStatus[status]
  if (known) return problem(known)
  return problem(malformed, text.trim().split('\n')[0]?.slice(0, 200) ?? '')
}
