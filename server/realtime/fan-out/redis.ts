import { Redis } from 'ioredis'
import { type Log, newId } from '#sdk'
import type { FanOut } from './types.ts'

/**
 * Fan-out by Redis publish/subscribe on `<prefix>:<site>`. Resolves when subscribed, rejects where Redis does not answer.
 * While Redis is away nothing is kept; the subscription comes back by itself.
 */
export async function redisFanOut(options: {
  url: string
  prefix: string
  site: string
  log: Log
}): Promise<FanOut> {
  const channel = `${options.prefix}:${options.site}`
  const self = newId()
  const connect = (offlineQueue: boolean) =>
    new Redis(options.url, {
      lazyConnect: true,
      connectTimeout: 5000,
      enableOfflineQueue: offlineQueue,
      maxRetriesPerRequest: 1,
      retryStrategy: (times) => Math.min(200 * 2 ** Math.min(times, 6), 5000),
    })
  const publisher = connect(false)
  const subscriber = connect(true)
  let fault: unknown
  for (const redis of [publisher, subscriber])
    redis.on('error', (error) => {
      fault = error
    })
  watchFaults(publisher, options.log)
  watchFaults(subscriber, options.log)
  try {
    await Promise.all([publisher.connect(), subscriber.connect()])
    await subscriber.subscribe(channel)
  } catch (error) {
    publisher.disconnect()
    subscriber.disconnect()
    // The client itself only says that the connection was closed.
    throw fault ?? error
  }
  return {
    publish: (text) => {
      publisher.publish(channel, `${self} ${text}`).catch((error: unknown) => {
        options.log.debug({ err: error }, 'A realtime message did not reach the other processes.')
      })
    },
    subscribe: (listener) => {
      subscriber.on('message', (_channel, text) => {
        const space = text.indexOf(' ')
        if (text.slice(0, space) !== self) listener(text.slice(space + 1))
      })
    },
    close: async () => {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}

/** Says once that Redis went away and once that it is back. */
function watchFaults(redis: Redis, log: Log): void {
  let isDown = false
  redis.on('error', (error) => {
    if (!isDown) log.warn({ err: error }, 'Redis does not answer; realtime reaches this process only.')
    isDown = true
  })
  redis.on('ready', () => {
    if (isDown) log.info({}, 'Redis is back; realtime reaches every process again.')
    isDown = false
  })
}
