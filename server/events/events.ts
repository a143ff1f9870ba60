import { defineJob, type Event } from '#contract'
import type { Events } from '#sdk'
import type { JobSystem } from '../jobs/index.ts'

// Somebody must not miss it: ten tries are about a quarter of an hour.
const attempts = 10

/** Gives each plugin its events. An event is one durable job per subscriber, added in the emitter's transaction. */
export interface EventSystem {
  /** What `on` registers is dropped by the job system's `dropOwner`. */
  eventsFor(owner: string): Events
}

/**
 * Events over the given jobs. Subscribers are those registered in the emitting process, and every process sets up
 * every enabled plugin: an event reaches all plugins enabled when it is emitted, and is not kept for a disabled one.
 */
export function createEvents(jobs: JobSystem): EventSystem {
  return {
    eventsFor: (owner) => {
      const own = jobs.jobsFor(owner)
      return {
        emit: async (db, event, payload) => {
          event.payload.parse(payload)
          const subscribers = jobs.handledUnder(prefixOf(event.name))
          await jobs.enqueueAll(
            db,
            subscribers.map((job) => ({ job, payload })),
          )
        },
        on: (event, subscriber, work) => own.handle(subscriberJob(event, owner, subscriber), work),
      }
    },
  }
}

const prefixOf = (event: string) => `event:${event}:`

const subscriberJob = <Payload>(event: Event<Payload>, owner: string, subscriber: string) =>
  defineJob({ name: `${prefixOf(event.name)}${owner}.${subscriber}`, payload: event.payload, attempts })
