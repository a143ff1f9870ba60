import type { admin, identity } from '#contract'

/** What the server writes into the page, so that the first paint needs no request. */
export interface Boot {
  site: admin.Site
  me: identity.Me | null
  language?: string
}

const nothing: Boot = {
  site: {
    name: 'main',
    title: '',
    description: '',
    url: '',
    accent: '#4b3fd8',
    registration: 'open',
    terms: null,
    plugins: [],
    isSetUp: true,
    version: '',
  },
  me: null,
}

/** Reads `<script id="veza-boot">`; null where the server has not filled it (or there is no page at all). */
function readBoot(): Boot | null {
  if (typeof document === 'undefined') return null
  const text = document.getElementById('veza-boot')?.textContent?.trim() ?? ''
  if (!text.startsWith('{')) return null
  try {
    return JSON.parse(text) as Boot
  } catch {
    return null
  }
}

const found = readBoot()
/** False when the page came without its data (a static copy, a test): the shell then asks for it. */
export const hasBoot = found !== null
export const boot: Boot = found ?? nothing
