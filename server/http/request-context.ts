import { AsyncLocalStorage } from 'node:async_hooks'

/** What is known of the request that some work is done for. */
export interface RequestContext {
  requestId: string
  address: string
  userAgent: string
}

const storage = new AsyncLocalStorage<RequestContext>()

/** Runs `work` as part of a request: the audit log then knows where it came from. */
export const withRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work)

/** The request this code runs for; undefined in jobs and in the CLI. */
export const currentRequest = (): RequestContext | undefined => storage.getStore()
