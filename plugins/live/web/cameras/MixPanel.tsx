import './mix.css'
import { useState } from 'preact/hooks'
import { Button, Card, Field, QueryView, useTexts } from '#web'
import type { ChannelView, Mix } from '../../contract.ts'
import { CameraCard } from './CameraCard.tsx'
import { CameraKey } from './CameraKey.tsx'
import { nameOf, nextCamera } from './camera-words.ts'
import { mixTexts } from './texts.ts'
import { type MixDesk, useMix } from './use-mix.ts'

/** The director's part of the desk: which camera is the main picture, whose sound is heard. */
export default function MixPanel({ channel }: { channel: ChannelView }) {
  const t = useTexts(mixTexts)
  const desk = useMix(channel)
  const [isAdding, setAdding] = useState(false)
  return (
    <Card title={t('title')}>
      <QueryView query={desk.mix}>
        {(mix) => (
          <div class="mix">
            <p class="muted">{t(mix.cameras.length > 1 ? 'lead' : 'alone')}</p>
            {mix.cameras.length > 1 && <Cameras mix={mix} desk={desk} slug={channel.slug} />}
            {isAdding ? (
              <CameraKey
                slug={channel.slug}
                camera={nextCamera(mix.cameras) ?? 16}
                onMade={() => void desk.mix.reload()}
                onDone={() => setAdding(false)}
              />
            ) : (
              <div>
                {nextCamera(mix.cameras) === null ? (
                  <p class="muted small">{t('full')}</p>
                ) : (
                  <Button icon="plus" onClick={() => setAdding(true)}>
                    {t('add')}
                  </Button>
                )}
              </div>
            )}
          </div>
        )}
      </QueryView>
    </Card>
  )
}

function Cameras({ mix, desk, slug }: { mix: Mix; desk: MixDesk; slug: string }) {
  return (
    <>
      <ul class="mix-cameras">
        {mix.cameras.map((camera) => (
          <CameraCard key={camera.camera} camera={camera} mix={mix} desk={desk} slug={slug} />
        ))}
      </ul>
      <Sound mix={mix} desk={desk} />
    </>
  )
}

function Sound({ mix, desk }: { mix: Mix; desk: MixDesk }) {
  const t = useTexts(mixTexts)
  const { audioCamera, onAudio, mainCamera, cameras } = mix
  const heard = cameras.find(({ camera }) => camera === onAudio)
  const isElsewhere = heard !== undefined && heard.camera !== (audioCamera ?? mainCamera)
  return (
    <div class="mix-sound">
      <Field
        name="sound"
        type="select"
        label={t('sound')}
        value={String(audioCamera ?? '')}
        onValue={(value) => void desk.change({ audioCamera: value === '' ? null : Number(value) })}
        options={[
          { value: '', label: t('soundMain') },
          ...cameras.map((camera) => ({ value: String(camera.camera), label: nameOf(t, camera) })),
        ]}
        hint={isElsewhere ? t('soundElsewhere', { name: nameOf(t, heard) }) : t('soundHint')}
      />
    </div>
  )
}
