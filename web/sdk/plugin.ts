import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import type { Slot } from '#contract'
import type { IconName } from '../ui/icons.tsx'
import type { Words } from './language.ts'
import type { ProblemWords } from './problem-words.ts'

/** A lazily loaded module whose default export is the component: `() => import('./StreamPage.tsx')`. */
export type Load<Props> = () => Promise<{ default: ComponentType<Props> }>
/** What a page is given: the parts of its path (`/live/:slug` -> `{ slug }`). */
export interface PageProps {
  params: Record<string, string>
}
export interface NavItem {
  label: Words
  icon: IconName
  /** Lower comes first; Home is 0, Admin 1000. */
  order: number
  /** Shown only to holders, of one of them where there are several. */
  permission?: string | readonly string[]
  /** A small live mark beside the label (a count, a dot). */
  badge?: Load<Record<never, never>>
}
export interface PageOf {
  /** `/live`, `/live/:slug`; the first page that fits is shown, fixed parts before parameters. */
  path: string
  load: Load<PageProps>
  nav?: NavItem
  /**
   * Asked before the page is loaded, one of them is enough; signed-out visitors are sent to sign in and come back.
   */
  permission?: string | readonly string[]
  /** For whoever is signed in; others are sent to sign in and come back. */
  needsAccount?: boolean
  /** Without rail, header, footer and player: for frames on other sites. */
  isBare?: boolean
  /** The page fills the width (a stage, a chat) instead of the reading width. */
  isWide?: boolean
}
export interface Fill {
  slot: string
  load: Load<unknown>
  order: number
  /** Names it where a list of the fills is shown, e.g. the steps of the first run. */
  label?: Words | undefined
}
/** A part of the administration: `/admin/<name>`, and `/admin/<name>/:id` for one thing of its list. */
export interface AdminTab {
  /** Part of its address. */
  name: string
  label: Words
  /** Without it the part is not shown in the list, and its pages say that they are not for everybody. */
  permission: string
  load: Load<PageProps>
  loadOne?: Load<PageProps>
}
export interface WebPlugin {
  name: string
  pages: PageOf[]
  adminTabs?: AdminTab[]
  fills?: Fill[]
  /** French titles of the plugin's own refusals, by name. */
  problems?: ProblemWords
  /** French titles of the plugin's own permissions, by name. */
  permissions?: ProblemWords
}

/** A plugin's part of the browser: what it shows where, everything loaded only when it is needed. */
export function defineWebPlugin(plugin: WebPlugin): WebPlugin {
  return plugin
}

/** Puts a component into another's slot; it gets the slot's props. Lower `order` comes first. */
export function fill<Props>(
  slot: Slot<Props>,
  load: Load<Props>,
  options: { order?: number; label?: Words } = {},
): Fill {
  return { slot: slot.name, load: load as Load<unknown>, order: options.order ?? 100, label: options.label }
}

/** The plugins this build carries; set once by the shell. */
export const webPlugins = signal<readonly WebPlugin[]>([])
