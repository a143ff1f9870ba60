import { Avatar, asProblem, Button, call, formatDate, QueryView, toast, usePages, useTexts } from '#web'
import { type Block, listBlocks, unblockMember, unmuteMember } from '../../contract.ts'
import { profileTexts } from '../texts.ts'

/** Whom one blocks and mutes, and the way back. */
export function Blocks() {
  const t = useTexts(profileTexts)
  const pages = usePages(listBlocks, { query: { limit: 100 } })
  const letGo = async ({ kind, person }: Block) => {
    const params = { username: person.username }
    try {
      await (kind === 'block' ? call(unblockMember, { params }) : call(unmuteMember, { params }))
      await pages.query.reload()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <section class="profile-blocks">
      <h2>{t('blocks')}</h2>
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <p class="muted">{t('blocksEmpty')}</p>
          ) : (
            <ul>
              {pages.items.map((block) => (
                <li key={block.id} class="row">
                  <Avatar name={block.person.displayName} url={block.person.avatarUrl} size={36} />
                  <a href={`/@${block.person.username}`}>{block.person.displayName}</a>
                  <span class="muted small">
                    {t(block.kind === 'block' ? 'blockedSince' : 'mutedSince', {
                      date: formatDate(block.createdAt, 'date'),
                    })}
                  </span>
                  <Button look="plain" onClick={() => void letGo(block)}>
                    {t('letGo', { name: block.person.displayName })}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </section>
  )
}
