import './emotes.css'
import { useState } from 'preact/hooks'
import {
  asProblem,
  call,
  confirm,
  EmptyState,
  Field,
  IconButton,
  PictureField,
  QueryView,
  toast,
  useQuery,
  useTexts,
} from '#web'
import { type Emote, listEmotes, removeEmote, setEmote } from '../contract.ts'
import { emoteTexts } from './emote-texts.ts'
import { signOf } from './emotes.ts'

const goodName = /^[a-z0-9_]{2,24}$/

/** The label's emotes: those there are, and a new one. */
export default function EmoteManager() {
  const t = useTexts(emoteTexts)
  const query = useQuery(listEmotes, {}, { freshMs: 0 })
  const remove = async ({ name }: Emote) => {
    const sign = signOf(name)
    const question = {
      title: t('removeAsk', { name: sign }),
      text: t('removeText'),
      action: t('removeDo'),
    }
    if (!(await confirm(question))) return
    try {
      await call(removeEmote, { params: { name } })
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
    await query.reload()
  }
  return (
    <QueryView query={query}>
      {({ items }) => (
        <div class="chat-emotes">
          {items.length === 0 && <EmptyState icon="smile" title={t('none')} text={t('noneText')} />}
          <ul>
            {items.map((emote) => (
              <li key={emote.id}>
                <img src={emote.url} alt="" width="32" height="32" />
                <code>{signOf(emote.name)}</code>
                <IconButton
                  icon="trash"
                  label={t('remove', { name: signOf(emote.name) })}
                  onClick={() => void remove(emote)}
                />
              </li>
            ))}
          </ul>
          <NewEmote onMade={() => void query.reload()} />
        </div>
      )}
    </QueryView>
  )
}

function NewEmote({ onMade }: { onMade(): void }) {
  const t = useTexts(emoteTexts)
  const [name, setName] = useState('')
  const isGood = goodName.test(name)
  return (
    <>
      <Field
        label={t('name')}
        name="emote-name"
        value={name}
        hint={t('nameHint')}
        error={isGood || name.length < 2 ? undefined : t('nameBad')}
        autocomplete="off"
        maxLength={24}
        onValue={(value) => setName(value.toLowerCase())}
      />
      {isGood && (
        <PictureField
          label={t('picture')}
          hint={t('pictureHint')}
          url={null}
          shape={1}
          onPick={async (file, area) => {
            await call(setEmote, { params: { name }, query: area, body: file })
            toast(t('made', { name: signOf(name) }))
            setName('')
            onMade()
          }}
          onRemove={async () => {}}
        />
      )}
    </>
  )
}
