import type { IncomingMessage } from 'node:http'
import type { admin } from '#contract'
import type { Hub } from '../realtime/index.ts'
import type { Account, SiteInfo } from '../sdk/index.ts'
import type { RouteTable } from './route-table.ts'

/** What the web server needs of one site. */
export interface SiteHttp {
  info: SiteInfo
  table: RouteTable
  hub: Hub
  limit: (key: string, perMinute: number) => void
  cookieName: string
  isSecure: boolean
  checksResults: boolean
  /** Who is behind the cookie or bearer token. */
  authenticate(req: IncomingMessage): Promise<{ account: Account | null; sessionId: string | null }>
  /** For the pages' first paint. */
  boot(): admin.Site
  isReady(): Promise<Record<string, boolean>>
}
