import { refundBook } from '../../plugins/payments/contract.ts'
import * as tips from '../../plugins/tips/contract.ts'
import { leaveTip, openSandbox } from '../../plugins/tips/testdata/leave.ts'
import { person } from './factors.ts'
import { type Kitchen, type Recipe, recipe } from './recipes.ts'
import { channel } from './recipes-live.ts'

/** A tip somebody paid on a channel of its own, with words that everybody sees. */
const atTip: Recipe[1] = async (kitchen) => {
  const { app, owner } = kitchen
  await openSandbox(app)
  const slug = await channel(kitchen)
  const { tipId: id } = await leaveTip(app, await person(kitchen), { slug, message: 'For the lights.' })
  await app.site.database.db('tips_tips').where({ id }).update({ isMessageShown: true })
  return { as: owner, params: { id } }
}

/** The payment of such a tip. */
const atPayment: Recipe[1] = async (kitchen) => {
  const { app, owner } = kitchen
  await openSandbox(app)
  const { paymentId: id } = await leaveTip(app, await person(kitchen), { slug: await channel(kitchen) })
  return { as: owner, params: { id }, body: { reason: 'The show was called off.' } }
}

const goal = { title: 'A new mixer', amountMinor: 90_000, until: null }
const atGoal = async (kitchen: Kitchen) => ({ as: kitchen.owner, params: { slug: await channel(kitchen) } })

/** Of tips, and so of payments. */
export const moneyRecipes: Recipe[] = [
  recipe(refundBook, atPayment),
  recipe(tips.refundTip, atTip),
  recipe(tips.hideTipMessage, atTip),
  recipe(tips.setGoal, async (kitchen) => ({ ...(await atGoal(kitchen)), body: goal })),
  recipe(tips.removeGoal, async (kitchen) => {
    const served = await atGoal(kitchen)
    await kitchen.app.as(kitchen.owner).call(tips.setGoal, { params: served.params, body: goal })
    return served
  }),
]
