import { render } from 'preact'
import { plugins } from '../plugins/web.ts'
import { hasBoot } from './sdk/boot.ts'
import { preload } from './sdk/lazy.tsx'
import { followLinks, path } from './sdk/location.ts'
import { webPlugins } from './sdk/plugin.ts'
import { addProblemWords } from './sdk/problem-words.ts'
import { followTheme, reloadMe } from './sdk/session.ts'
import { reloadSite, setSite, site } from './sdk/site.ts'
import { applyTheme } from './sdk/theme.ts'
import { App } from './shell/app.tsx'
import { findPage } from './shell/pages.ts'
import './ui/ui.css'
import './shell/css/frame.css'

addEventListener('vite:preloadError', () => void reloadWhenReplaced())

/**
 * A new version was installed while this page was open: its old parts are gone, so load the page anew, once. Not where
 * only the network is gone: what is under way on the page would be lost.
 */
async function reloadWhenReplaced(): Promise<void> {
  if (sessionStorage.getItem('veza-reloaded') === location.href) return
  const answer = await fetch(location.href, { cache: 'no-store' }).catch(() => null)
  const page = await answer?.text().catch(() => undefined)
  if (!page || page.includes(new URL(import.meta.url).pathname)) return
  sessionStorage.setItem('veza-reloaded', location.href)
  location.reload()
}

async function start(): Promise<void> {
  webPlugins.value = plugins
  for (const { problems } of plugins) if (problems) addProblemWords(problems)
  applyTheme()
  followTheme()
  if (hasBoot) setSite(site.peek())
  else await Promise.allSettled([reloadSite(), reloadMe()])
  followLinks()
  const page = findPage(path.peek())?.page
  // What the server wrote stays readable until the page's own part is here.
  if (page) await preload(page.load).catch(() => undefined)
  const app = document.getElementById('app')
  if (!app) return
  app.replaceChildren()
  render(<App />, app)
}

void start()
