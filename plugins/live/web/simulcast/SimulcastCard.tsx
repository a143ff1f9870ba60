import './simulcast.css'
import { useState } from 'preact/hooks'
import {
  asProblem,
  Button,
  Card,
  call,
  confirm,
  IconButton,
  QueryView,
  Switch,
  toast,
  useChannel,
  useQuery,
  useTexts,
} from '#web'
import {
  type ChannelView,
  listSimulcasts,
  removeSimulcast,
  type Simulcast,
  simulcastRoom,
  updateSimulcast,
} from '../../contract.ts'
import { SimulcastForm } from './SimulcastForm.tsx'
import { stateWords } from './state-words.ts'
import { simulcastTexts } from './texts.ts'

const most = 10

/** Other sites that the channel is sent on to. */
export default function SimulcastCard({ channel }: { channel: ChannelView }) {
  const t = useTexts(simulcastTexts)
  const { slug } = channel
  const query = useQuery(listSimulcasts, { params: { slug } })
  const [open, setOpen] = useState<'new' | Simulcast | null>(null)
  useChannel(
    simulcastRoom,
    { slug },
    {
      states: ({ items }) => {
        if (!query.data) return
        const off = { state: 'off', reason: null, fault: null, since: null, droppedFrames: 0 } as const
        const told = (row: Simulcast) => ({ ...row, ...(items.find(({ id }) => id === row.id) ?? off) })
        query.set({ items: query.data.items.map(told) })
      },
    },
  )
  const close = () => {
    setOpen(null)
    void query.reload()
  }
  return (
    <Card title={t('title')}>
      <p class="muted">{t('lead')}</p>
      <QueryView query={query}>
        {({ items }) => (
          <>
            <ul class="simulcast-list">
              {items.map((item) => (
                <Row key={item.id} item={item} onEdit={() => setOpen(item)} onChanged={query.reload} />
              ))}
            </ul>
            {open === null && items.length < most && (
              <Button icon="plus" onClick={() => setOpen('new')}>
                {t('add')}
              </Button>
            )}
          </>
        )}
      </QueryView>
      {open !== null && (
        <SimulcastForm
          slug={slug}
          item={open === 'new' ? null : open}
          onDone={close}
          key={open === 'new' ? '' : open.id}
        />
      )}
    </Card>
  )
}

interface RowProps {
  item: Simulcast
  onEdit(): void
  onChanged(): Promise<void>
}

function Row({ item, onEdit, onChanged }: RowProps) {
  const t = useTexts(simulcastTexts)
  const { id, title, isOn } = item
  const { words, tone } = stateWords(t, item)
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
    await onChanged()
  }
  const remove = async () => {
    const question = { title: t('removeTitle', { title }), text: t('removeText'), action: t('removeAction') }
    if (await confirm(question)) await attempt(() => call(removeSimulcast, { params: { id } }))
  }
  return (
    <li>
      <div class="simulcast-words">
        <strong>{title}</strong>
        <p class={`small simulcast-state${tone ? ` is-${tone}` : ''}`} role="status">
          {words}
        </p>
      </div>
      <div class="simulcast-acts">
        <IconButton icon="edit" label={t('edit', { title })} onClick={onEdit} />
        <IconButton icon="trash" label={t('remove', { title })} onClick={() => void remove()} />
        <Switch
          label={t('switchOf', { title })}
          isOn={isOn}
          onSwitch={(on) => void attempt(() => call(updateSimulcast, { params: { id }, body: { isOn: on } }))}
        />
      </div>
    </li>
  )
}
