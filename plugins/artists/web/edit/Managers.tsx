import { Avatar, asProblem, Button, call, Form, QueryView, toast, useQuery, useTexts } from '#web'
import { addManager, listManagers, removeManager } from '../../contract.ts'
import { artistTexts } from '../texts.ts'

/** Who looks after the page, by username. */
export function Managers({ slug }: { slug: string }) {
  const t = useTexts(artistTexts)
  const query = useQuery(listManagers, { params: { slug } })
  const remove = async (accountId: string) => {
    try {
      query.set(await call(removeManager, { params: { slug, accountId } }))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <section class="artist-managers">
      <h2>{t('managers')}</h2>
      <p class="muted">{t('managersText')}</p>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t('managersEmpty')}</p>
          ) : (
            <ul>
              {items.map(({ id, username, displayName, avatarUrl }) => (
                <li key={id} class="row">
                  <Avatar name={displayName} url={avatarUrl} size={36} />
                  <a href={`/@${username}`}>{displayName}</a>
                  <span class="muted small">@{username}</span>
                  <Button
                    look="plain"
                    aria-label={`${t('managerRemove')}: ${displayName}`}
                    onClick={() => void remove(id)}
                  >
                    {t('managerRemove')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      <Form
        key={query.data?.items.length ?? 0}
        fields={[{ name: 'username', label: t('managerName'), maxLength: 31 }]}
        submit={t('managerAdd')}
        onSubmit={async ({ username }) =>
          query.set(await call(addManager, { params: { slug }, body: { username } }))
        }
      />
    </section>
  )
}
