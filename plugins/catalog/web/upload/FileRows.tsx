import { type Asset, removeAsset, retryAsset } from '#plugins/media'
import { asProblem, Button, call, formatBytes, formatClock, Icon, IconButton, toast, useTexts } from '#web'
import { wordsOf } from './refusal-words.ts'
import { drop, giveUp, pause, resume, type Sending, sendings } from './sending.ts'
import { uploadTexts } from './texts.ts'

interface RowsProps {
  assets: readonly Asset[]
  onRemoved(): void
}

/** Each file on its way, and each that has arrived and is not yet part of a release. */
export function FileRows({ assets, onRemoved }: RowsProps) {
  const t = useTexts(uploadTexts)
  // A file that has arrived is shown as what it became.
  const arrived = new Set(assets.map(({ uploadId }) => uploadId))
  const onWay = sendings.value.filter(({ state, uploadId }) => !(state === 'done' && arrived.has(uploadId)))
  const moving = onWay.filter(({ state }) => state !== 'refused' && state !== 'done')
  if (onWay.length + assets.length === 0) return null
  return (
    <section class="upload-files">
      {moving.length > 1 && <AllTogether moving={moving} />}
      <ul aria-label={t('files')}>
        {onWay.map((one) => (
          <SendingRow key={one.key} one={one} />
        ))}
        {assets.map((asset) => (
          <AssetRow key={asset.id} asset={asset} onRemoved={onRemoved} />
        ))}
      </ul>
    </section>
  )
}

function AllTogether({ moving }: { moving: readonly Sending[] }) {
  const t = useTexts(uploadTexts)
  const total = moving.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const sent = moving.reduce((sum, { sentBytes }) => sum + sentBytes, 0)
  const arePaused = moving.every(({ state }) => state === 'paused')
  return (
    <div class="upload-all">
      <p role="status">
        {t('sendingAll', { count: moving.length, sent: formatBytes(sent), total: formatBytes(total) })}
      </p>
      <Button
        icon={arePaused ? 'play' : 'pause'}
        onClick={() => {
          for (const { key } of moving) arePaused ? resume(key) : pause(key)
        }}
      >
        {arePaused ? t('resumeAll') : t('pauseAll')}
      </Button>
    </div>
  )
}

function SendingRow({ one }: { one: Sending }) {
  const t = useTexts(uploadTexts)
  const { key, state, sentBytes, sizeBytes, refusal } = one
  const share = sizeBytes > 0 ? sentBytes / sizeBytes : 0
  const known = state === 'done' && one.isCover ? t('coverDone') : t(state)
  const words = state === 'refused' ? (refusal ?? t('refused')) : known
  return (
    <li class={`file-row is-${state}`}>
      <div class="file-words">
        <strong>{one.relativePath}</strong>
        <span class={state === 'refused' ? 'is-bad' : 'muted'}>
          {words}
          {state !== 'refused' && ` · ${formatBytes(sentBytes)} / ${formatBytes(sizeBytes)}`}
        </span>
        {state !== 'refused' && !(state === 'done' && one.isCover) && (
          <progress max={1} value={share} aria-label={t('progressOf', { name: one.name })} />
        )}
      </div>
      {(state === 'sending' || state === 'waiting' || state === 'offline') && (
        <IconButton icon="pause" label={t('pauseOne', { name: one.name })} onClick={() => pause(key)} />
      )}
      {state === 'paused' && (
        <IconButton icon="play" label={t('resumeOne', { name: one.name })} onClick={() => resume(key)} />
      )}
      <IconButton
        icon="close"
        label={t(state === 'refused' ? 'dismiss' : 'giveUp', { name: one.name })}
        onClick={() => (state === 'refused' ? drop(key) : giveUp(key))}
      />
    </li>
  )
}

function AssetRow({ asset, onRemoved }: { asset: Asset; onRemoved(): void }) {
  const t = useTexts(uploadTexts)
  const { id, state, progress, refusal } = asset
  const run = async (work: Promise<unknown>) => {
    try {
      await work
      onRemoved()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const facts = [
    asset.format,
    asset.durationMs && formatClock(asset.durationMs),
    formatBytes(asset.sizeBytes),
  ]
  return (
    <li class={`file-row is-${state}`}>
      <div class="file-words">
        <strong>{asset.title ?? asset.fileName}</strong>
        {refusal ? (
          <span class="is-bad">{wordsOf(refusal.name, refusal)}</span>
        ) : (
          <span class="muted">
            {state === 'ready' && <Icon name="check" size={16} />} {t(`asset-${state}`)} ·{' '}
            {facts.filter(Boolean).join(' · ')}
            {asset.sameAs && ` · ${t('sameAs')}`}
            {asset.isDamaged && ` · ${t('damaged')}`}
          </span>
        )}
        {state === 'processing' && (
          <progress max={1} value={progress} aria-label={t('progressOf', { name: asset.fileName })} />
        )}
      </div>
      {state === 'failed' && asset.sizeBytes > 0 && (
        <IconButton
          icon="retry"
          label={t('retry', { name: asset.fileName })}
          onClick={() => void run(call(retryAsset, { params: { id } }))}
        />
      )}
      <IconButton
        icon="trash"
        label={t('removeFile', { name: asset.fileName })}
        onClick={() => void run(call(removeAsset, { params: { id } }))}
      />
    </li>
  )
}
