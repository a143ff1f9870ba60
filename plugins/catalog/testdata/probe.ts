import { definePlugin } from '#sdk'
import * as contract from '../contract.ts'

/** A plugin that has what other plugins have of this one. */
export function probe(): { plugin: ReturnType<typeof definePlugin>; api(): contract.CatalogApi } {
  let api: contract.CatalogApi | null = null
  const plugin = definePlugin({
    name: 'probe',
    version: '1.0.0',
    title: 'Probe',
    needs: { catalog: contract.catalog },
    setup(ctx) {
      api = ctx.needs.catalog
    },
  })
  return {
    plugin,
    api: () => {
      if (!api) throw new Error('The plugin is not set up.')
      return api
    },
  }
}

/** A call of somebody, as an API of a plugin is given it. */
export const callOf = (account: { id: string } | null, permissions: string[] = []) =>
  ({
    account: account && { id: account.id, permissions: new Set(permissions) },
    header: () => undefined,
    cookie: () => undefined,
  }) as never
