import type { ComponentChildren } from 'preact'
import { ButtonLink, PageHeader, QueryView, query, useQuery, useTexts } from '#web'
import { type ChannelView, type IngestAddress, myChannels } from '../../contract.ts'
import { goLiveTexts } from './texts.ts'

export interface Own {
  channel: ChannelView
  channels: ChannelView[]
  ingest: IngestAddress
}

interface OwnChannelProps {
  skeleton: ComponentChildren
  /** The same page for another channel. */
  address(slug: string): string
  /** For who has no channel yet. */
  none: ComponentChildren
  children(own: Own): ComponentChildren
}

export const isOnAir = ({ status }: ChannelView) => status === 'live'

/** Of the channels one may go live on the one that `?channel=` names; without it the one on air, or the first. */
export function OwnChannel({ skeleton, address, none, children }: OwnChannelProps) {
  const mine = useQuery(myChannels, {}, { freshMs: 0 })
  const wanted = query.value.get('channel')
  return (
    <QueryView query={mine} skeleton={skeleton}>
      {({ items, ingest }) => {
        const usual = items.find(isOnAir) ?? items[0]
        const channel = wanted === null ? usual : items.find(({ slug }) => slug === wanted)
        if (channel) return children({ channel, channels: items, ingest })
        if (!usual) return none
        // What was made a moment ago is not in the list of before.
        return mine.isLoading ? skeleton : <Unknown slug={wanted ?? ''} usual={usual} address={address} />
      }}
    </QueryView>
  )
}

interface UnknownProps extends Pick<OwnChannelProps, 'address'> {
  slug: string
  usual: ChannelView
}

function Unknown({ slug, usual, address }: UnknownProps) {
  const t = useTexts(goLiveTexts)
  return (
    <PageHeader
      title={t('unknown', { slug: slug.slice(0, 40) })}
      lead={t('unknownText')}
      actions={
        <ButtonLink look="main" href={address(usual.slug)}>
          {t('toOwn', { title: usual.title })}
        </ButtonLink>
      }
    />
  )
}
