import type { z } from 'zod'

/** Something that happened and that nobody who subscribed may miss. Delivered as one job per subscriber. */
export interface Event<Payload = unknown> {
  readonly kind: 'event'
  /** `plugin.past-tense` */
  readonly name: string
  readonly payload: z.ZodType<Payload>
}
export function defineEvent<Payload>(event: Omit<Event<Payload>, 'kind'>): Event<Payload> {
  return { kind: 'event', ...event }
}

/** Work to be done at least once, outside the request. Handlers are idempotent; payloads are ids. */
export interface Job<Payload = unknown> {
  readonly kind: 'job'
  /** `plugin.imperative` */
  readonly name: string
  readonly payload: z.ZodType<Payload>
  /** Tries before the job is given up as failed (default 5). */
  readonly attempts?: number
  /** First wait before a retry in ms; doubles each time up to an hour, with jitter (default 1000). */
  readonly backoffMs?: number
  /** How many of this job may run at once in one process (default 4). */
  readonly concurrency?: number
  /** How long a worker may be silent before another takes the job over, in ms (default 30000; renewed while it runs). */
  readonly leaseMs?: number
  /** Higher runs first (default 0). */
  readonly priority?: number
}
export function defineJob<Payload>(job: Omit<Job<Payload>, 'kind'>): Job<Payload> {
  return { kind: 'job', ...job }
}

/** A realtime channel: `params` pick the room, `messages` go to the browser, `commands` come from it. */
export interface Channel<
  Params = unknown,
  Messages extends Record<string, z.ZodType> = Record<string, z.ZodType>,
  Commands extends Record<string, z.ZodType> = Record<string, z.ZodType>,
> {
  readonly kind: 'channel'
  readonly name: string
  readonly params: z.ZodType<Params>
  readonly messages: Messages
  readonly commands: Commands
}
export function defineChannel<
  Params,
  Messages extends Record<string, z.ZodType>,
  Commands extends Record<string, z.ZodType> = Record<never, never>,
>(channel: {
  name: string
  params: z.ZodType<Params>
  messages: Messages
  commands?: Commands
}): Channel<Params, Messages, Commands> {
  return { kind: 'channel', commands: {} as Commands, ...channel }
}

/** A refusal with its own name (RFC 9457). `title` is one sentence for a person; `remedy` says what to do. */
export interface Problem {
  readonly kind: 'problem'
  /** `plugin.state`, shown as `urn:veza:problem:plugin.state` */
  readonly name: string
  readonly status: number
  readonly title: string
}
export function defineProblem(problem: Omit<Problem, 'kind'>): Problem {
  return { kind: 'problem', ...problem }
}

/** What another plugin may call: the token carries the type of the API, the plugin's `setup` returns it. */
export interface Contract<Api = unknown> {
  readonly kind: 'contract'
  readonly plugin: string
  readonly isOptional: boolean
  /** Carries the type only; never set. */
  readonly api?: Api
}
export function defineContract<Api>(plugin: string): Contract<Api> {
  return { kind: 'contract', plugin, isOptional: false }
}
/** A need that may be off: `ctx.needs.x` is then undefined. */
export function optional<Api>(contract: Contract<Api>): Contract<Api | undefined> {
  return { kind: 'contract', plugin: contract.plugin, isOptional: true }
}

/** A named place in the pages of one plugin where others may put something; `props` is what it is given. */
export interface Slot<Props = unknown> {
  readonly kind: 'slot'
  readonly name: string
  readonly props?: Props
}
export function defineSlot<Props>(name: string): Slot<Props> {
  return { kind: 'slot', name }
}
