import type { IncomingMessage } from 'node:http'
import type { admin, identity } from '#contract'
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
  authenticate(
    req: IncomingMessage,
    address: string,
  ): Promise<{ account: Account | null; sessionId: string | null }>
  /** False for addresses that were banned. */
  admits(address: string): boolean
  presentMe(account: Account): identity.Me
  /** For the pages' first paint. */
  boot(): admin.Site
  isReady(): Promise<Record<string, boolean>>
  /** Resolves when what was written so far outlasts a power cut. */
  synced(): Promise<void>
}
