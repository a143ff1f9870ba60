import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { conflict, notAllowed, notFound } from '#contract'
import { problem } from '#sdk'
import { viewerOf } from '../access/viewer.ts'
import { getChannelById } from '../channels.ts'
import { downloadReplay } from '../contract.ts'
import { type Desk, recordingPrefix } from '../desk.ts'
import { readRecording } from '../media/recording.ts'
import { parseRange } from '../media/stored-file.ts'
import { nodesOf } from '../nodes/nodes.ts'
import { getReplay, type Stream } from '../streams.ts'
import { readCut } from './cut-file.ts'
import { attachment } from './file-name.ts'
import { keptEntries } from './kept.ts'
import { BrokenMedia } from './mp4/fragments.ts'
import { type Movie, planMovie } from './mp4/movie.ts'
import { movieBytes } from './mp4/movie-bytes.ts'
import { Plans } from './plans.ts'
import { mayDownload } from './show.ts'

interface Planned {
  movie: Movie
  etag: string
}

/** Recordings as one file each: planned once for all ranges of it that are asked for, never written anywhere. */
export function handleDownloads(desk: Desk): void {
  const plans = new Plans<Planned | null>()
  const sendThere = nodesOf(desk.ctx).answerAtItsPlace(
    'movie',
    async (streamId, req, res) => {
      const stream = await getReplay(desk.ctx.db, streamId)
      const key = `${stream.id} ${stream.durationMs} ${stream.sizeBytes}`
      const plan = await plans.of(key, res, () => planOf(desk, stream))
      if (plan === null) throw nothing()
      res.setHeader('content-type', stream.hasVideo ? 'video/mp4' : 'audio/mp4')
      const name = `${stream.title} ${(stream.startedAt ?? stream.createdAt).slice(0, 10)}`
      res.setHeader('content-disposition', attachment(name, stream.hasVideo ? 'mp4' : 'm4a'))
      await send(req, res, plan)
    },
    { 404: nothing, 409: damaged },
  )
  desk.ctx.router.raw(downloadReplay, async ({ params, req, res }, call) => {
    const stream = await getReplay(desk.ctx.db, params.id)
    const channel = await getChannelById(desk.ctx.db, stream.channelId)
    const viewer = await viewerOf(desk, call, [{ channel, stream }])
    if (!mayDownload(desk, { channel, stream }, viewer)) throw problem(notAllowed)
    await sendThere(stream.id, req, res)
  })
}

const nothing = () => problem(notFound, 'There is nothing of this recording.')
const damaged = () =>
  problem(conflict, 'A part of this recording is damaged or lost, so that no file can be made of it.')

async function planOf(desk: Desk, stream: Stream): Promise<Planned | null> {
  const dir = desk.ctx.storage.localFolder(recordingPrefix(stream.id))
  const [{ entries }, cut] = await Promise.all([readRecording(dir), readCut(dir)])
  const kept = keptEntries(entries, cut)
  const first = kept[0]
  if (!first) return null
  const fromMs = cut ? Math.max(cut.fromMs, least(kept)) : least(kept)
  const untilMs = Math.min(cut?.untilMs ?? Number.MAX_SAFE_INTEGER, latest(kept))
  const movie = await planMovie(dir, kept, { fromMs, untilMs }).catch((error: unknown) => {
    const isLost = (error as NodeJS.ErrnoException)?.code === 'ENOENT'
    if (!isLost && !(error instanceof BrokenMedia)) throw error
    throw damaged()
  })
  return { movie, etag: `"${[stream.id, first.seq, kept.length, movie.sizeBytes].join('-')}"` }
}

type Entries = readonly { startMs: number; durationMs: number }[]
const least = (entries: Entries) => entries.reduce((ms, { startMs }) => Math.min(ms, startMs), Infinity)
const latest = (entries: Entries) =>
  entries.reduce((ms, { startMs, durationMs }) => Math.max(ms, startMs + durationMs), 0)

async function send(req: IncomingMessage, res: ServerResponse, { movie, etag }: Planned): Promise<void> {
  const { sizeBytes } = movie
  const isSame = req.headers['if-range'] === undefined || req.headers['if-range'] === etag
  const span = isSame ? parseRange(req.headers.range, sizeBytes) : null
  res.setHeader('etag', etag)
  res.setHeader('accept-ranges', 'bytes')
  res.setHeader('cache-control', 'private, no-cache')
  if (span === 'unsatisfiable') {
    res.writeHead(416, { 'content-range': `bytes */${sizeBytes}`, 'content-length': 0 }).end()
    return
  }
  const { start, end } = span ?? { start: 0, end: sizeBytes - 1 }
  if (span) res.setHeader('content-range', `bytes ${start}-${end}/${sizeBytes}`)
  res.writeHead(span ? 206 : 200, { 'content-length': end - start + 1 })
  if (req.method === 'HEAD') {
    res.end()
    return
  }
  // Gone in the middle, on either side: only closing the connection tells.
  await pipeline(movieBytes(movie, { start, end }), res).catch(() => res.destroy())
}
