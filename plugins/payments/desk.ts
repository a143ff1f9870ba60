import type { PaymentTerms, Provider, Purpose } from './contract.ts'
import { createSandbox, sandboxName } from './sandbox.ts'
import type { Ctx } from './settings.ts'

/** What the parts of the plugin share. */
export interface Desk {
  ctx: Ctx
  /** Those of other plugins, in the order they were registered. */
  providers: Map<string, Provider>
  sandbox: Provider
  /** What payments are for, by name. */
  purposes: Map<string, Purpose>
}

export const createDesk = (ctx: Ctx): Desk => ({
  ctx,
  providers: new Map(),
  sandbox: createSandbox(ctx.signer),
  purposes: new Map(),
})

/** Who takes new payments; null where nobody does. With the sandbox on no real money is taken by mistake. */
export function presentProvider({ ctx, providers, sandbox }: Desk): Provider | null {
  if (ctx.settings.get().sandbox) return sandbox
  return providers.values().next().value ?? null
}

/** Who took a payment. The sandbox answers only while it is on: nothing counts as paid without it. */
export function providerNamed({ ctx, providers, sandbox }: Desk, name: string): Provider | null {
  if (name !== sandboxName) return providers.get(name) ?? null
  return ctx.settings.get().sandbox ? sandbox : null
}

export function termsOf(desk: Desk): PaymentTerms {
  const { currency, minAmountMinor, maxAmountMinor } = desk.ctx.settings.get()
  const provider = presentProvider(desk)
  const isTest = provider?.isTest ?? false
  return { isOpen: provider !== null, isTest, currency, minAmountMinor, maxAmountMinor }
}

/** Adds a provider; its name must be free. */
export function addProvider(desk: Desk, provider: Provider): () => void {
  const { name } = provider
  if (!/^[a-z][a-z0-9-]{1,38}$/.test(name) || name === sandboxName || desk.providers.has(name))
    throw new Error(`A payment provider cannot be called "${name}".`)
  desk.providers.set(name, provider)
  return () => {
    if (desk.providers.get(name) === provider) desk.providers.delete(name)
  }
}

/** Adds what payments are for; a name has one meaning. */
export function addPurpose({ purposes }: Desk, purpose: Purpose): () => void {
  const { name } = purpose
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(name) || name.length > 60 || purposes.has(name))
    throw new Error(`Payments cannot be for "${name}".`)
  purposes.set(name, purpose)
  return () => {
    if (purposes.get(name) === purpose) purposes.delete(name)
  }
}
