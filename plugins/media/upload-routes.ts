import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { conflict, notFound } from '#contract'
import { type Call, ProblemError, problem } from '#sdk'
import { findAsset } from './assets.ts'
import * as contract from './contract.ts'
import type { Desk } from './desk.ts'
import { Finisher } from './finish.ts'
import { checkDisk } from './room.ts'
import type { Tus, TusAnswer } from './tus.ts'
import { findUpload, listOpenUploads, type UploadRow } from './uploads.ts'

type Raw = { req: IncomingMessage; res: ServerResponse }

/** Uploads by tus; each is there for its own account alone. */
export function handleUploads(desk: Desk): void {
  const { router, onStart, onStop, log } = desk.ctx
  let open: Promise<{ tus: Tus; finisher: Finisher }> | null = null
  const make = async () => {
    const { Tus } = await import('./tus.ts')
    const tus = new Tus(desk.ctx)
    return { tus, finisher: new Finisher(desk, tus.store) }
  }
  // With the first upload: most processes never see one.
  const parts = () => {
    open ??= make()
    return open
  }
  router.raw(contract.createUpload, async ({ req, res }, call) => {
    const { tus, finisher } = await parts()
    await answering({ req, res }, call, async () => {
      const answer = await tus.ask({ req, account: call.me, id: null })
      if (answer.headers.some(([name]) => name === 'upload-offset')) await finisher.finish(answer.id, call.me)
      return answer
    })
  })
  for (const route of [contract.getUpload, contract.continueUpload, contract.removeUpload])
    router.raw(route, async ({ params, req, res }, call) => {
      const place = { ...(await parts()), desk, id: params.id }
      await answering({ req, res }, call, () => goOn(place, req, call))
    })
  const finishLeft = async () => {
    if ((await listOpenUploads(desk.ctx.db)).length > 0) await (await parts()).finisher.finishLeft()
  }
  let left: Promise<void> | undefined
  onStart('web', () => {
    left = finishLeft().catch((error: unknown) =>
      log.error({ err: error }, 'uploads that were left open could not be finished'),
    )
  })
  onStop(() => left)
}

interface Place {
  desk: Desk
  tus: Tus
  finisher: Finisher
  id: string
}

async function goOn(place: Place, req: IncomingMessage, call: Call): Promise<TusAnswer> {
  const { desk, tus, finisher, id } = place
  const { db } = desk.ctx
  await finisher.settled(id)
  const upload = await findUpload(db, id)
  if (upload?.accountId !== call.me.id) throw problem(notFound)
  if (req.method === 'DELETE') checkUnfinished(upload)
  if (req.method === 'PATCH' && !upload.doneAt)
    await checkDisk(tus.store.directory, Number(req.headers['content-length'] ?? 0))
  const answer = await tus.ask({ req, account: call.me, id })
  if (req.method === 'DELETE') return answer
  await finisher.finish(id, call.me)
  const asset = await findAsset(db, id)
  if (asset) answer.headers.push(['content-location', `/api/v1/media/assets/${id}`])
  return answer
}

function checkUnfinished({ doneAt, isArchive }: UploadRow): void {
  if (doneAt || isArchive) throw problem(conflict, 'This upload has become a file; delete the file instead.')
}

/** Sends the answer; a refusal goes out at once, also to who is still sending. */
async function answering({ req, res }: Raw, call: Call, ask: () => Promise<TusAnswer>): Promise<void> {
  try {
    const { status, headers } = await ask()
    for (const [name, value] of headers) res.setHeader(name, value)
    res.writeHead(status).end()
  } catch (error) {
    if (req.complete || req.destroyed || !(error instanceof ProblemError)) throw error
    await refuseSender({ req, res }, call, error)
  }
}

const lingerMs = 2000

/**
 * Somebody who is sending reads an answer only while the connection stands: it is closed when they have stopped, or
 * after a moment.
 */
async function refuseSender({ req, res }: Raw, call: Call, refusal: ProblemError): Promise<void> {
  const { name, title, status } = refusal.problem
  const { detail } = refusal
  const said = { type: `urn:veza:problem:${name}`, title, status, ...(detail ? { detail } : {}) }
  const instance = req.url?.split('?')[0]
  const body = JSON.stringify({ ...said, instance, requestId: call.requestId })
  res.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  res.write(body)
  req.removeAllListeners('data').removeAllListeners('readable')
  req.on('error', () => {})
  req.resume()
  const ended = new Promise((resolve) => req.once('end', resolve).once('close', resolve))
  await Promise.race([ended, delay(lingerMs, undefined, { ref: false })])
  res.end()
}
