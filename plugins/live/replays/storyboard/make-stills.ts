import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { currentFfmpeg } from '#ffmpeg'
import { Briefly } from '../../briefly.ts'
import { makeStills } from '../../contract.ts'
import { type Desk, recordingPrefix } from '../../desk.ts'
import { STILLS_LIST } from '../../media/hls-headers.ts'
import { readRecording } from '../../media/recording.ts'
import type { PlacedAnswer } from '../../nodes/node-door.ts'
import { nodesOf } from '../../nodes/nodes.ts'
import { findStream } from '../../streams.ts'
import { paintStills } from './paint.ts'
import { planStills, thinStills } from './still-plan.ts'
import { readStills, removeStill, stillDate, writeStill } from './stills.ts'

/** After each round of pictures so many times its length is left to others: a fifth of a core at most. */
const restShare = 4
const listForMs = 1_000
const askEveryMs = 2_000

/** Small pictures of what viewers of a running stream may go back to: made while somebody points at its line. */
export function handleStills(desk: Desk): void {
  const { ctx } = desk
  let restsUntil = 0
  const makeThere = nodesOf(ctx).atItsPlace('stills', async (streamId, signal) => {
    await delay(Math.max(0, restsUntil - Date.now()), undefined, { signal })
    const began = Date.now()
    await make(desk, streamId, signal).finally(() => {
      restsUntil = Date.now() + restShare * (Date.now() - began)
    })
  })
  ctx.jobs.handle(makeStills, ({ streamId }, run) => makeThere(streamId, run.signal, ''))
}

async function make({ ctx }: Desk, streamId: string, signal: AbortSignal): Promise<void> {
  const isOnAir = async () => {
    const stream = await findStream(ctx.db, streamId)
    return stream !== null && stream.status !== 'ended' && !stream.isRemoved
  }
  // Without it there are no pictures, as there are no posters.
  if (!(await isOnAir()) || !(await currentFfmpeg())) return
  const dir = ctx.storage.localFolder(recordingPrefix(streamId))
  const [{ entries }, made] = await Promise.all([readRecording(dir), readStills(dir)])
  const oldest = entries.find(({ track }) => track === 'video')
  if (!oldest) return
  // Made while their segments were given up.
  const left = made.filter((date) => date < stillDate(oldest))
  await Promise.all(left.map((date) => removeStill(dir, date)))
  const wanted = planStills(entries, made.slice(left.length))
  if (wanted.length === 0) return
  const pictures = await paintStills(dir, wanted, signal)
  // Over meanwhile: its storyboard has begun with those that were there.
  if (!(await isOnAir())) return
  for (const [i, picture] of pictures.entries())
    if (picture.length > 0) await writeStill(dir, stillDate(wanted[i]!), picture)
}

/** Tells the dates of the pictures of a running stream, at the machine where it lies, and has more of them made. */
export function answerStills(desk: Desk): PlacedAnswer {
  const { db, jobs, storage } = desk.ctx
  const lists = new Briefly<number[]>(listForMs)
  const wishes = new Briefly<unknown>(askEveryMs)
  const answer = async (streamId: string, req: IncomingMessage, res: ServerResponse) => {
    await wishes.get(streamId, () =>
      jobs.enqueue(db, makeStills, { streamId }, { key: `stills:${streamId}` }),
    )
    const dir = storage.localFolder(recordingPrefix(streamId))
    const dates = await lists.get(streamId, async () => thinStills(await readStills(dir)))
    const body = Buffer.from(JSON.stringify({ dates }))
    res.writeHead(200, [...STILLS_LIST, 'content-length', String(body.length)])
    res.end(req.method === 'HEAD' ? undefined : body)
  }
  return nodesOf(desk.ctx).answerAtItsPlace('stills', answer, {})
}
