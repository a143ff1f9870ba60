import { computed, signal } from '@preact/signals'
import { admin } from '#contract'
import { boot } from './boot.ts'
import { call } from './call.ts'
import { applyAccent } from './theme.ts'

const current = signal(boot.site)

/** The label: name, look, what is switched on; read `.value` to follow changes. */
export const site = computed(() => current.value)

/** The label, followed by the component that asks. */
export function useSite(): admin.Site {
  return current.value
}

/** Puts the label's look in place, e.g. after its settings changed. */
export function setSite(next: admin.Site): void {
  current.value = next
  applyAccent(next.accent)
}

/** Asks the server again: after set-up, and when a plugin was switched. */
export async function reloadSite(): Promise<void> {
  setSite(await call(admin.site))
}
