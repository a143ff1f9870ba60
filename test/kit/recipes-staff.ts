import { admin } from '#contract'
import { newId } from '../../server/sdk/index.ts'
import { person } from './factors.ts'
import { byOwner, fresh, type Kitchen, type Recipe, recipe, timeOf } from './recipes.ts'

/** The owner, about an account made for it. */
const about =
  (body?: unknown): Recipe[1] =>
  async (kitchen) => ({ as: kitchen.owner, body, params: { id: (await person(kitchen)).id } })

async function madeRole({ app, owner }: Kitchen): Promise<string> {
  const name = fresh('role')
  await app
    .as(owner)
    .call(admin.createRole, { body: { name, title: name, permissions: [], needsSecondFactor: false } })
  return name
}

async function job(kitchen: Kitchen, state: string): Promise<Record<string, string>> {
  const at = timeOf(kitchen)
  const row = { id: newId(), name: 'live.make-poster', payloadJson: JSON.stringify({ streamId: newId() }) }
  const times = {
    runAt: '2999-01-01T00:00:00.000Z',
    createdAt: at,
    finishedAt: state === 'failed' ? at : null,
  }
  const tries = { state, priority: 0, attempts: 2, maxAttempts: 2 }
  await kitchen.app.site.database.db('jobs').insert({ ...row, ...times, ...tries })
  return { id: row.id }
}

const provider = { kind: 'oidc', title: 'Label', clientId: 'c', issuer: 'http://127.0.0.1:9' }

/** Of who runs the label: accounts, roles, invitations, addresses, providers, and the machine. */
export const staffRecipes: Recipe[] = [
  recipe(admin.addAccount, ({ owner }) => {
    const username = fresh('added')
    return { as: owner, body: { email: `${username}@people.test`, username } }
  }),
  recipe(admin.setAccountRoles, about({ roles: ['member', 'moderator'] })),
  recipe(admin.suspendAccount, about({ reason: 'Test' })),
  recipe(admin.restoreAccount, async (kitchen) => {
    const { app, owner } = kitchen
    const params = { id: (await person(kitchen)).id }
    await app.as(owner).call(admin.suspendAccount, { params, body: { reason: '', minutes: null } })
    return { as: owner, params }
  }),
  recipe(admin.endAccountSessions, about()),
  recipe(admin.resetAccountFactors, about()),
  recipe(admin.mailPasswordLink, about()),
  recipe(admin.removeAccount, about()),
  recipe(admin.createRole, ({ owner }) => ({ as: owner, body: { name: fresh('role'), title: 'Role' } })),
  recipe(admin.updateRole, async (kitchen) => ({
    as: kitchen.owner,
    params: { name: await madeRole(kitchen) },
    body: { title: 'Another' },
  })),
  recipe(admin.removeRole, async (kitchen) => ({
    as: kitchen.owner,
    params: { name: await madeRole(kitchen) },
  })),
  recipe(admin.createInvitation, byOwner({ role: 'member' })),
  recipe(admin.removeInvitation, async ({ app, owner }) => {
    const { body } = await app.as(owner).call(admin.createInvitation, {
      body: { role: 'member', note: '', maxUses: 1, expiresInDays: null },
    })
    return { as: owner, params: { id: body.id } }
  }),
  recipe(admin.addAddressRule, byOwner({ network: '203.0.113.1' })),
  recipe(admin.removeAddressRule, async ({ app, owner }) => {
    const { body } = await app.as(owner).call(admin.addAddressRule, {
      body: { network: '203.0.113.2', kind: 'deny', reason: '', minutes: null },
    })
    return { as: owner, params: { id: body.id } }
  }),
  // Switched off, so that nobody asks whether it answers.
  recipe(admin.setProvider, byOwner({ ...provider, isEnabled: false }, { name: 'label' })),
  recipe(admin.removeProvider, byOwner(undefined, { name: 'label' })),
  recipe(admin.setPlugin, byOwner({ isEnabled: true }, { name: 'live' })),
  recipe(admin.retryJob, async (kitchen) => ({ as: kitchen.owner, params: await job(kitchen, 'failed') })),
  recipe(admin.cancelJob, async (kitchen) => ({ as: kitchen.owner, params: await job(kitchen, 'waiting') })),
  recipe(admin.updateSettings, byOwner({ description: 'Other words' })),
]
