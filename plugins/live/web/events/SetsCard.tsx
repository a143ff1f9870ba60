import './events.css'
import { useState } from 'preact/hooks'
import {
  asProblem,
  Button,
  Card,
  call,
  confirm,
  Dialog,
  PictureField,
  QueryView,
  toast,
  useQuery,
  useTexts,
} from '#web'
import {
  type ChannelView,
  cancelSet,
  listSets,
  type PlannedSet,
  removeSetCover,
  setSetCover,
} from '../../contract.ts'
import { planTexts } from './plan-texts.ts'
import { reloadSets } from './SetActions.tsx'
import { SetWords } from './SetCard.tsx'
import { SetForm } from './SetForm.tsx'

/** At the desk: what is planned on this channel, and planning it. */
export default function SetsCard({ channel }: { channel: ChannelView }) {
  const t = useTexts(planTexts)
  const sets = useQuery(listSets, { params: { slug: channel.slug }, query: { limit: 50 } })
  const [open, setOpen] = useState<PlannedSet | 'new' | null>(null)
  const shown = open === 'new' ? null : (sets.data?.items.find(({ id }) => id === open?.id) ?? open)
  const close = () => setOpen(null)
  return (
    <Card
      title={t('planned')}
      lead={t('plannedLead')}
      actions={
        <Button icon="plus" onClick={() => setOpen('new')}>
          {t('plan')}
        </Button>
      }
    >
      <QueryView query={sets}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="muted">{t('noneYet')}</p>
          ) : (
            <ul class="set-desk">
              {items.map((set) => (
                <DeskRow key={set.id} set={set} onEdit={() => setOpen(set)} />
              ))}
            </ul>
          )
        }
      </QueryView>
      <Dialog title={shown ? shown.title : t('plan')} isOpen={open !== null} onClose={close}>
        {shown && <CoverField set={shown} />}
        <SetForm
          slug={channel.slug}
          set={shown}
          onClose={close}
          onSaved={(set) => {
            reloadSets()
            // A new one is open for its cover.
            if (open === 'new') setOpen(set)
            else close()
          }}
        />
      </Dialog>
    </Card>
  )
}

function DeskRow({ set, onEdit }: { set: PlannedSet; onEdit(): void }) {
  const t = useTexts(planTexts)
  const { id, title } = set
  const callOff = async () => {
    const question = { title: t('callOffTitle', { title }), text: t('callOffText'), action: t('callOff') }
    if (!(await confirm(question))) return
    try {
      await call(cancelSet, { params: { id } })
      toast(t('cancelledToast'))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
    reloadSets()
  }
  return (
    <li>
      <SetWords set={set} />
      <div class="row">
        <Button icon="edit" onClick={onEdit}>
          {t('edit')}
          <span class="hidden-text"> {title}</span>
        </Button>
        <Button look="plain" icon="close" onClick={() => void callOff()}>
          {t('callOff')}
          <span class="hidden-text"> {title}</span>
        </Button>
      </div>
    </li>
  )
}

function CoverField({ set }: { set: PlannedSet }) {
  const t = useTexts(planTexts)
  const params = { id: set.id }
  return (
    <PictureField
      label={t('cover')}
      hint={t('coverHint')}
      url={set.cover?.small ?? null}
      shape={16 / 9}
      onPick={async (file, area) => {
        await call(setSetCover, { params, query: area, body: file })
        reloadSets()
      }}
      onRemove={async () => {
        await call(removeSetCover, { params })
        reloadSets()
      }}
    />
  )
}
