import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ShowStats } from '../plugins/live/contract.ts'
import { ChaosProxy } from './kit/chaos-proxy.ts'
import { PartViewer } from './kit/part-viewer.ts'
import { type OwnPostgres, ownPostgres } from './kit/postgres.ts'
import { type Publisher, publish } from './kit/publisher.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { type Answer, streamKey, Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'

interface Context {
  postgres: OwnPostgres
  /** Between the server and its database. */
  line: ChaosProxy
  server: RunningServer
  visitor: Visitor
  opened: Publisher[]
}

const test = suite<Context>('PostgreSQL lost and back')
test.before(async (context) => {
  context.opened = []
  context.postgres = await ownPostgres()
  const { port } = new URL(context.postgres.url)
  context.line = await ChaosProxy.to(Number(port))
  context.server = await startServer({
    env: {
      VEZA_PLUGINS_CHAT_PER_TEN_SECONDS: '100',
      VEZA_DATABASE_URL: context.postgres.url.replace(`:${port}/`, `:${context.line.port}/`),
      VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000',
      VEZA_PLUGINS_LIVE_GRACE_S: '2',
    },
  })
  context.visitor = new Visitor(context.server)
  await context.visitor.signIn()
})
test.after(async ({ opened, server, line, postgres }) => {
  for (const publisher of opened) await publisher.kill()
  await server?.close()
  await line?.close()
  await postgres?.close()
})

test('requests meanwhile are refused in words, viewers go on, and nothing acknowledged is lost [OPS-13]', async (context) => {
  const { postgres, server, visitor, opened } = context
  opened.push(publish(await streamKey(server, 'stage')))
  const channel = await visitor.live('stage')
  await visitor.windowWith('stage', 1)
  const { pid } = server
  const talk = chatter(visitor)
  await eventually('a few messages', () => talk.acknowledged.length >= 5)
  await postgres.kill()
  await eventually('"not ready"', async () => (await visitor.ready()) === 503)
  const refused = await visitor.call('/api/v1/live/channels')
  assert.ok([500, 503].includes(refused.status), String(refused.status))
  assert.is(refused.type, 'application/problem+json')
  assert.not.match(JSON.stringify(refused.body), /ECONN|postgres|SELECT/i)
  assert.is((await visitor.call('/health/live')).status, 200)
  const before = await visitor.window(channel)
  await eventually('new media for viewers', async () => {
    const now = await visitor.window(channel)
    return now.lastSequence > before.lastSequence
  })

  await postgres.start()
  await eventually('"ready" again', async () => (await visitor.ready()) === 200)
  await eventually('the chat to work again', () => talk.afterLoss().length >= 3)
  await talk.stop()
  assert.is(server.pid, pid)
  for (const answer of talk.refused) {
    assert.ok([500, 503].includes(answer.status), String(answer.status))
    assert.is(answer.type, 'application/problem+json')
  }
  const kept = new Set(await visitor.heard())
  assert.equal(
    talk.acknowledged.filter((text) => !kept.has(text)),
    [],
  )
})

test('a database that does not answer holds up nobody who watches, and viewers are counted on [LIVE-03] [LIVE-18] [OPS-13]', async (context) => {
  const { line, server, visitor } = context
  const channel = await visitor.live('stage')
  const viewer = new PartViewer(() => server.url + channel.playback?.hls)
  const goesOn = async (parts: number) => {
    const before = viewer.parts
    await eventually(`${parts} more parts`, () => {
      if (viewer.fault !== null) throw viewer.fault
      return viewer.parts >= before + parts
    })
  }
  await goesOn(3)
  const figures = async () => (await visitor.call<ShowStats | null>('/api/v1/live/channels/stage/stats')).body
  await eventually('the first figures', async () => ((await figures())?.viewers.at(-1) ?? 0) > 0)
  line.stall()
  const stalledAt = Date.now()
  // Half a minute of media: longer than anything is believed without asking, or waited for.
  for (let seconds = 0; seconds < 30; seconds += 5) await goesOn(20)
  const [before, flowsAt] = [viewer.lastSeq, Date.now()]
  line.flow()
  await eventually('"ready" again', async () => (await visitor.ready()) === 200)
  await goesOn(3)
  assert.ok(viewer.lastSeq >= before)
  assert.equal(viewer.refusals, {})
  await eventually('the viewer to be counted', async () => (await visitor.channel('stage')).viewers >= 1)
  await eventually('the figures of all that time', async () => {
    const shown = await figures()
    if (!shown) return false
    const { fromAt, stepS, viewers } = shown
    const counted = viewers.filter((_, at) => {
      const beganAt = Date.parse(fromAt) + at * stepS * 1000
      return beganAt > stalledAt && beganAt + stepS * 1000 < flowsAt
    })
    return counted.length > 0 && counted.every((count) => count >= 1)
  })
  await viewer.stop()
})

test('the stream that ran all the time ends in one replay', async ({ visitor, opened }) => {
  await opened[0]?.stop()
  assert.ok((await visitor.replay('stage')).durationMs > 0)
  assert.is((await visitor.replays('stage')).length, 1)
})

test('an idle server notices by itself that the database is back: a page made elsewhere shows its new title', async (context) => {
  const { postgres, server, visitor } = context
  await postgres.kill()
  await eventually('"not ready"', async () => (await visitor.ready()) === 503)
  await postgres.start()
  await eventually('"ready" again', async () => (await visitor.ready()) === 200)
  // The key is made by another process: jobs and settings reach this one through LISTEN.
  const target = await streamKey(server, 'second')
  const publisher = publish({ ...target, seconds: 3 })
  context.opened.push(publisher)
  assert.is(await publisher.ended, 0)
  const replay = await visitor.replay('second')
  await eventually('the poster, made by a job', async () => {
    const [again] = await visitor.replays('second')
    return again?.id === replay.id && again.poster
  })
})

/** Says something every 250 ms and keeps what was acknowledged and what was refused. */
function chatter(visitor: Visitor) {
  const acknowledged: string[] = []
  const refused: Answer[] = []
  let isOver = false
  let lossAt = Number.POSITIVE_INFINITY
  const run = (async () => {
    for (let number = 0; !isOver; number++) {
      const text = `message ${number}`
      const answer = await visitor.say(text).catch(() => null)
      if (!answer) isOver = true
      else if (answer.status === 200) acknowledged.push(text)
      else {
        refused.push(answer)
        lossAt = Math.min(lossAt, acknowledged.length)
      }
      await delay(250)
    }
  })()
  return {
    acknowledged,
    refused,
    afterLoss: () => acknowledged.slice(lossAt),
    stop: async () => {
      isOver = true
      await run
    },
  }
}

test.run()
