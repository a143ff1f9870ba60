import { useEffect, useState } from 'preact/hooks'
import type { admin } from '#contract'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { Button } from '../../../ui/button.tsx'
import { countOf, type RoleChange } from './edits.ts'
import { roleTexts } from './texts.ts'
import { permissionTitle, roleTitle } from './words.ts'

type T = Translate<(typeof roleTexts)['en']>

interface SaveBarProps {
  roles: readonly admin.RoleView[]
  permissions: readonly admin.PermissionView[]
  changes: readonly RoleChange[]
  onSave(): Promise<void>
  onDrop(): void
}

/** Each change as a sentence. */
function sentences(t: T, { roles, permissions, changes }: SaveBarProps): string[] {
  const words = (name: string) => {
    const found = permissions.find((permission) => permission.name === name)
    return found ? permissionTitle(found) : name
  }
  return changes.flatMap(({ role: name, allow, deny, needsSecondFactor }) => {
    const role = roleTitle(name, roles)
    const factor =
      needsSecondFactor === undefined ? [] : [t(needsSecondFactor ? 'asks' : 'asksNot', { role })]
    return [
      ...allow.map((permission) => t('gives', { role, permission: words(permission) })),
      ...deny.map((permission) => t('takes', { role, permission: words(permission) })),
      ...factor,
    ]
  })
}

/** What will change, in words, and the button that does it; stays in sight at the bottom. */
export function SaveBar(props: SaveBarProps) {
  const t = useTexts(roleTexts)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', stay)
    return () => removeEventListener('beforeunload', stay)
  }, [])
  const save = async () => {
    setBusy(true)
    await props.onSave()
    setBusy(false)
  }
  return (
    <section class="save-bar" aria-label={t('save')}>
      <div>
        <p role="status">
          <b>{t('changes', { count: countOf(props.changes) })}</b>
        </p>
        <ul>
          {sentences(t, props).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
      <div class="row">
        <Button look="main" isBusy={isBusy} onClick={save}>
          {t('save')}
        </Button>
        <Button onClick={props.onDrop}>{t('drop')}</Button>
      </div>
    </section>
  )
}
