/** What a plugin's server side may import. */
export { addressBlock } from './address-block.ts'
export type { Check, Finding, Words } from './check.ts'
export * from './context.ts'
export {
  type AskNode,
  type FetchOptions,
  type FetchRefusal,
  FetchRefused,
  type GuardedFetch,
} from './fetch.ts'
export { escapeHtml, html } from './html.ts'
export { isoTime, newId } from './ids.ts'
export { likePattern } from './like.ts'
export { renderMarkdown } from './markdown.ts'
export type { Html, PageContent } from './page.ts'
export { pageFrom } from './page-from.ts'
export type { MadePicture, PictureCrop, PictureFormat, Pictures, PictureWish } from './pictures.ts'
export { type CommandDesk, defineCommand, definePlugin, type Plugin, type PluginCommand } from './plugin.ts'
export { ProblemError, problem } from './problem.ts'
export * from './realtime.ts'
export type { Secrets } from './secrets.ts'
