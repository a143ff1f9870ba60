import { navigate } from '../sdk/location.ts'
import { asProblem } from '../sdk/problem-error.ts'
import { can, me, signOut } from '../sdk/session.ts'
import { useTexts } from '../sdk/texts.ts'
import { toast } from '../sdk/toast.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { adminPermissions } from './admin/permissions.ts'
import { shellTexts } from './texts.ts'

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const t = useTexts(shellTexts)
  const account = me.value
  if (!account) return null
  const leave = async () => {
    // Away first, so that no page asks for what it may no longer see.
    navigate('/')
    try {
      await signOut()
      toast(t('signedOut'))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const items: MenuItem[] = [
    { label: t('profile'), icon: 'user', href: `/@${account.username}` },
    { label: t('account'), icon: 'key', href: '/account' },
  ]
  if (can(adminPermissions())) items.push({ label: t('admin'), icon: 'admin', href: '/admin' })
  items.push({ label: t('signOut'), icon: 'sign-out', onPick: () => void leave() })
  return (
    <Menu
      label={t('accountOf', { name: account.displayName })}
      groups={[{ title: account.displayName, items }]}
    >
      <Avatar name={account.displayName} url={account.avatarUrl} size={34} />
    </Menu>
  )
}
