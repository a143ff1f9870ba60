import { FeedServer } from '../media/feed-server.ts'
import { createReceiver } from '../media/receiver.ts'
import { Spool } from '../media/spool.ts'
import { Syncer } from '../media/syncer.ts'
import type { FromIngest, ToIngest } from '../media/types.ts'
import { Ingest } from './ingest.ts'

const stopWithinMs = 5_000
/** A third to a half less work with many publishers, and not noticeable in segments of seconds. */
const gatherMs = 25

/**
 * Entry of the ingest child, forked with an IPC channel by the web process. It ends when the channel closes or
 * on SIGTERM, after writing what it has; it never prints.
 */
function run(): void {
  let feed: FeedServer | undefined
  let spool: Spool | null = null
  let syncer = new Syncer()
  let isStopping = false

  const ingest = new Ingest({
    receiverFor: (target) => createReceiver(target, feed!, { spool, syncer }),
    send,
    hasUnsent: () => feed?.hasUnsent ?? false,
    limits: { gatherMs },
  })

  async function onMessage(message: ToIngest): Promise<void> {
    if (message.type === 'listen' && !feed) {
      try {
        feed = await FeedServer.listen(message.socketPath)
        feed.onWant = (streamId, height) => ingest.want(streamId, height)
        if (message.spoolDir !== undefined) spool = await Spool.open(message.spoolDir)
        syncer = new Syncer(spool)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
        send({ type: 'listen-failed', code, port: message.rtmp.port })
        return
      }
    }
    await ingest.handle(message)
  }

  async function stop(): Promise<void> {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    await ingest.stop()
    await spool?.close()
    await feed?.close()
    process.exit(0)
  }

  process.on('message', (message) => void onMessage(message as ToIngest))
  process.on('disconnect', () => void stop())
  process.on('SIGTERM', () => void stop())
  // Ctrl-C goes to the whole process group; the parent decides when we stop.
  process.on('SIGINT', () => undefined)
}

function send(message: FromIngest): void {
  // The parent may be gone already; `disconnect` then ends us.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

run()
