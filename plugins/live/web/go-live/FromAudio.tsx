import { CopyField, useTexts } from '#web'
import { goLiveTexts } from './texts.ts'

/** For DJ programs that send sound alone, as an Icecast source. */
export function FromAudio({ slug, icecast }: { slug: string; icecast: { host: string; port: number } }) {
  const t = useTexts(goLiveTexts)
  return (
    <div class="golive-connection">
      <div class="stack">
        <CopyField label={t('iceHost')} value={icecast.host} />
        <CopyField label={t('icePort')} value={String(icecast.port)} />
        <CopyField label={t('iceMount')} value={`/${slug}`} />
        <CopyField label={t('iceUser')} value="source" hint={t('icePassword')} />
      </div>
      <div class="stack">
        <ol class="golive-steps">
          <li>{t('iceStep1')}</li>
          <li>{t('iceStep2')}</li>
          <li>{t('iceStep3')}</li>
        </ol>
        <div>
          <h3>{t('iceSettings')}</h3>
          <dl class="golive-settings">
            <dt>{t('iceType')}</dt>
            <dd>{t('iceTypeValue')}</dd>
            <dt>{t('iceFormat')}</dt>
            <dd>{t('iceFormatValue')}</dd>
            <dt>{t('iceTitles')}</dt>
            <dd>{t('iceTitlesValue')}</dd>
          </dl>
        </div>
      </div>
    </div>
  )
}
