import './replay.css'
import { useState } from 'preact/hooks'
import { asProblem, Button, Card, call, Field, formatDate, toast, useTexts } from '#web'
import { type ChannelView, markChapter, updateChannel } from '../../contract.ts'
import { replayTexts } from './texts.ts'

const hourS = 3_600
const dayS = 24 * hourS
const kept = [hourS, 6 * hourS, dayS, 7 * dayS]

/** On the desk: chapters while on air, and how much of a stream without an end is kept. */
export default function RecordingCard({ channel }: { channel: ChannelView }) {
  const t = useTexts(replayTexts)
  return (
    <Card title={t('recording')}>
      <div class="replay-desk">
        {channel.status === 'live' && <Mark slug={channel.slug} />}
        {channel.can.edit && <Keep channel={channel} />}
      </div>
    </Card>
  )
}

function Mark({ slug }: { slug: string }) {
  const t = useTexts(replayTexts)
  const [title, setTitle] = useState('')
  const [fault, setFault] = useState<string | undefined>()
  const [isBusy, setBusy] = useState(false)
  const send = async () => {
    if (title.trim() === '') return setFault(t('emptyTitle'))
    setBusy(true)
    try {
      const { at } = await call(markChapter, { params: { slug }, body: { title: title.trim() } })
      setFault(undefined)
      setTitle('')
      toast(t('marked', { at: formatDate(at, 'time') }))
    } catch (error) {
      setFault(asProblem(error).message)
    }
    setBusy(false)
  }
  return (
    <form
      class="replay-mark"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Field
        name="chapter"
        label={t('markChapter')}
        hint={t('markHint')}
        maxLength={120}
        value={title}
        onValue={setTitle}
        error={fault}
      />
      <Button type="submit" icon="plus" isBusy={isBusy}>
        {t('markNow')}
      </Button>
    </form>
  )
}

function Keep({ channel }: { channel: ChannelView }) {
  const t = useTexts(replayTexts)
  const [keepS, setKeepS] = useState(channel.keepS)
  const choices = keepS === null || kept.includes(keepS) ? kept : [...kept, keepS]
  const choose = async (value: string) => {
    const before = keepS
    const next = value === '' ? null : Number(value)
    setKeepS(next)
    try {
      await call(updateChannel, { params: { slug: channel.slug }, body: { keepS: next } })
      toast(t('keepSaved'))
    } catch (error) {
      setKeepS(before)
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <Field
      name="keep"
      type="select"
      label={t('keep')}
      hint={t('keepHint')}
      value={keepS === null ? '' : String(keepS)}
      onValue={(value) => void choose(value)}
      options={[
        { value: '', label: t('keepAll') },
        ...choices.map((s) => ({
          value: String(s),
          label:
            s > dayS
              ? t('keepDays', { count: Math.round(s / dayS) })
              : t('keepHours', { count: Math.round(s / hourS) }),
        })),
      ]}
    />
  )
}
