import type { Route } from '#contract'
import { asProblem, call, confirm, Icon, Menu, type MenuItem, toast, useTexts } from '#web'
import {
  blockMember,
  muteMember,
  type Profile,
  setVerified,
  unblockMember,
  unmuteMember,
} from '../contract.ts'
import { profileTexts } from './texts.ts'

/** What one may do about somebody: mute, block, and for the label, the mark. */
export function ProfileMenu({ profile, onChanged }: { profile: Profile; onChanged(): Promise<void> }) {
  const t = useTexts(profileTexts)
  const { username, displayName: name, can, blockedByMe, mutedByMe, isVerified } = profile
  const params = { username }
  const run = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work()
      await onChanged()
      toast(done)
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const send = (
    route: Route<
      '/api/v1/profiles/{username}/block' | '/api/v1/profiles/{username}/mute',
      undefined,
      undefined,
      undefined
    >,
  ) => call(route as typeof blockMember, { params })
  const block = async () => {
    const question = { title: t('blockTitle', { name }), text: t('blockText', { name }), action: t('block') }
    if (await confirm(question)) await run(() => call(blockMember, { params }), t('blockedDone', { name }))
  }
  const mark = (next: boolean) =>
    run(
      () => call(setVerified, { params, body: { isVerified: next } }),
      t(next ? 'verifiedDone' : 'unverifiedDone', { name }),
    )
  const items: MenuItem[] = []
  if (can.block) {
    items.push(
      mutedByMe
        ? {
            label: t('unmute'),
            icon: 'volume',
            onPick: () => void run(() => send(unmuteMember), t('unmutedDone', { name })),
          }
        : {
            label: t('mute'),
            icon: 'muted',
            onPick: () => void run(() => send(muteMember), t('mutedDone', { name })),
          },
      blockedByMe
        ? {
            label: t('unblock'),
            icon: 'block',
            onPick: () => void run(() => send(unblockMember), t('unblockedDone', { name })),
          }
        : { label: t('block'), icon: 'block', onPick: () => void block() },
    )
  }
  if (can.verify)
    items.push({
      label: t(isVerified ? 'unverify' : 'verify'),
      icon: 'verified',
      onPick: () => void mark(!isVerified),
    })
  return (
    <Menu label={t('more', { name })} groups={[{ items }]}>
      <Icon name="more" />
    </Menu>
  )
}
