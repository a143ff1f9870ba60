import { useState } from 'preact/hooks'
import { asProblem, Button, call, confirm, Form, invalidate, navigate, toast, useTexts } from '#web'
import { listReplays, type Replay, recentReplays, removeReplay, updateReplay } from '../../contract.ts'
import { AccessEditor } from '../replay/AccessEditor.tsx'
import { ChapterEditor } from '../replay/ChapterEditor.tsx'
import { DownloadLink } from '../replay/DownloadLink.tsx'
import type { PlayerPlace } from '../replay/place.ts'
import { TrimEditor, told } from '../replay/TrimEditor.tsx'
import { replayTexts } from '../replay/texts.ts'
import { liveTexts } from '../texts.ts'

interface ToolsProps {
  replay: Replay
  place: PlayerPlace
  onChanged(replay: Replay): void
}
type Tool = 'title' | 'chapters' | 'trim' | 'access'

/** The file for who may have it; for whom the recording belongs to another title, chapters, a cut, other viewers, or away with it. */
export function ReplayTools({ replay, place, onChanged }: ToolsProps) {
  const t = useTexts(replayTexts)
  const [tool, setTool] = useState<Tool | null>(null)
  const { can, download, trim } = replay
  if (!can.edit && !can.remove && !download) return null
  const close = () => setTool(null)
  const saved = (changed: Replay) => {
    onChanged(changed)
    invalidate(listReplays)
  }
  if (tool === 'title') return <Rename replay={replay} onSaved={saved} onClose={close} />
  if (tool === 'access') return <AccessEditor replay={replay} onSaved={saved} onClose={close} />
  if (tool === 'chapters')
    return <ChapterEditor replay={replay} place={place} onSaved={saved} onClose={close} />
  if (tool === 'trim') return <TrimEditor replay={replay} place={place} onSaved={saved} onClose={close} />
  return (
    <>
      <Buttons replay={replay} onTool={setTool} />
      {can.edit && trim && <p class="muted small">{t('isTrimmed', told(trim))}</p>}
    </>
  )
}

function Buttons({ replay, onTool }: { replay: Replay; onTool(tool: Tool): void }) {
  const t = useTexts(liveTexts)
  const words = useTexts(replayTexts)
  const [isBusy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    if (!(await removeAsked(replay, t))) setBusy(false)
  }
  const { can, download } = replay
  return (
    <div class="row">
      {download && <DownloadLink replay={replay} href={download} />}
      {can.edit && (
        <>
          <Button icon="list" onClick={() => onTool('chapters')}>
            {words('chapters')}
          </Button>
          {can.remove && (
            <Button icon="film" onClick={() => onTool('trim')}>
              {words('trim')}
            </Button>
          )}
          <Button icon="edit" onClick={() => onTool('title')}>
            {t('rename')}
          </Button>
          {can.remove && (
            <Button icon="users" onClick={() => onTool('access')}>
              {words('whoMay')}
            </Button>
          )}
        </>
      )}
      {can.remove && (
        <Button look="danger" icon="trash" isBusy={isBusy} onClick={() => void remove()}>
          {t('remove')}
        </Button>
      )}
    </div>
  )
}

/** True when it is gone, and the page with it. */
async function removeAsked(
  { id, channel }: Replay,
  t: ReturnType<typeof useTexts<(typeof liveTexts)['en']>>,
): Promise<boolean> {
  const question = { title: t('removeTitle'), text: t('removeText'), action: t('removeAction') }
  if (!(await confirm(question))) return false
  try {
    await call(removeReplay, { params: { id } })
    invalidate(listReplays)
    invalidate(recentReplays)
    toast(t('removed'))
    navigate(`/live/${channel.slug}`, { replace: true })
    return true
  } catch (error) {
    toast(asProblem(error).message, { tone: 'bad' })
    return false
  }
}

function Rename({
  replay,
  onSaved,
  onClose,
}: {
  replay: Replay
  onSaved(replay: Replay): void
  onClose(): void
}) {
  const t = useTexts(liveTexts)
  return (
    <div class="watch-form">
      <Form
        fields={[{ name: 'title', label: t('title'), maxLength: 120 }]}
        initial={{ title: replay.title }}
        submit={t('save')}
        onSubmit={async ({ title }) => {
          onSaved(await call(updateReplay, { params: { id: replay.id }, body: { title } }))
          onClose()
        }}
        actions={
          <Button look="plain" onClick={onClose}>
            {t('cancel')}
          </Button>
        }
      />
    </div>
  )
}
