/** What a plugin's server side may import. */
export * from './context.ts'
export { escapeHtml, html } from './html.ts'
export { isoTime, newId } from './ids.ts'
export { defineCommand, definePlugin, type Plugin, type PluginCommand } from './plugin.ts'
export { ProblemError, problem } from './problem.ts'
export * from './realtime.ts'
