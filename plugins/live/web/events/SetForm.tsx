import { Button, call, Form, toast, useTexts } from '#web'
import { type Access, changeSet, type PlannedSet, planSet } from '../../contract.ts'
import { useAccessChoices } from '../access/AccessCard.tsx'
import { deviceZone, localOf, utcOf } from './local-time.ts'
import { planTexts } from './plan-texts.ts'

interface SetFormProps {
  slug: string
  /** Null plans a new one. */
  set: PlannedSet | null
  onSaved(set: PlannedSet): void
  onClose(): void
}

/** The next full hour tomorrow: a beginning for who has not thought of one. */
function tomorrow(): string {
  const at = new Date(Date.now() + 24 * 3_600_000)
  at.setMinutes(0, 0, 0)
  return at.toISOString()
}

export function SetForm({ slug, set, onSaved, onClose }: SetFormProps) {
  const t = useTexts(planTexts)
  const choices = useAccessChoices()
  const zone = deviceZone()
  return (
    <Form
      key={set?.id ?? 'new'}
      fields={[
        { name: 'title', label: t('title'), maxLength: 120 },
        {
          name: 'startsAt',
          label: t('starts'),
          type: 'datetime-local',
          hint: t('zone', { zone: zone.replaceAll('_', ' ') }),
          check: (text) => (utcOf(text) ? undefined : t('noTime')),
        },
        { name: 'endsAt', label: t('ends'), type: 'datetime-local', hint: t('endsHint'), isOptional: true },
        {
          name: 'description',
          label: t('about'),
          type: 'textarea',
          maxLength: 4000,
          rows: 5,
          isOptional: true,
        },
        {
          name: 'access',
          label: t('access'),
          type: 'select',
          options: [{ value: '', label: t('asChannel') }, ...choices],
          isOptional: true,
        },
      ]}
      initial={{
        title: set?.title ?? '',
        description: set?.description ?? '',
        startsAt: localOf(set?.startsAt ?? tomorrow()),
        endsAt: set?.endsAt ? localOf(set.endsAt) : '',
        access: set?.hasOwnAccess ? set.access : '',
      }}
      submit={t(set ? 'save' : 'plan')}
      actions={
        <Button look="plain" onClick={onClose}>
          {t('cancel')}
        </Button>
      }
      onSubmit={async ({ title, description, startsAt, endsAt, access }) => {
        const body = {
          title,
          description,
          startsAt: utcOf(startsAt) ?? '',
          endsAt: utcOf(endsAt),
          timeZone: zone,
          access: (access || null) as Access | null,
        }
        const saved = set
          ? await call(changeSet, { params: { id: set.id }, body })
          : await call(planSet, { params: { slug }, body })
        toast(t(set ? 'saved' : 'plannedToast'))
        onSaved(saved)
      }}
    />
  )
}
