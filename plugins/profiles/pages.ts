import { type Call, html, type PageContent, ProblemError } from '#sdk'
import { membersOnly, type Profile } from './contract.ts'
import { type Desk, getPerson } from './desk.ts'
import { presentProfile } from './present.ts'

const words = {
  en: {
    edit: 'Edit profile',
    genres: 'Genres',
    instruments: 'Instruments',
    links: 'Links',
    verified: 'Verified by the label',
    joined: 'Member since',
    members: 'This profile is for members; sign in to see it.',
  },
  fr: {
    edit: 'Modifier le profil',
    genres: 'Genres',
    instruments: 'Instruments',
    links: 'Liens',
    verified: 'Vérifié par le label',
    joined: 'Membre depuis',
    members: 'Ce profil est réservé aux membres ; connectez-vous pour le voir.',
  },
}
type Words = (typeof words)['en']

/** `/@{username}` as crawlers, link previews and browsers without JavaScript see it. */
export function renderPages(desk: Desk): void {
  desk.ctx.router.page('/@{username}', async ({ username }, call): Promise<PageContent> => {
    const w = call.language === 'fr' ? words.fr : words.en
    const person = await getPerson(desk, username)
    const profile = await seenBy(desk, person, call)
    if (!profile) return forMembers(person.username, w)
    if (username !== profile.username) return movedTo(profile.username)
    return pageOf(profile, w)
  })
  // Only the app can show it, to who is signed in.
  desk.ctx.router.page('/profile/edit', (_params, call): PageContent => {
    const w = call.language === 'fr' ? words.fr : words.en
    return { title: w.edit, isUnlisted: true, body: html`<main><h1>${w.edit}</h1></main>` }
  })
}

/** Null where the caller would have to sign in. */
async function seenBy(desk: Desk, person: Parameters<typeof presentProfile>[1], call: Call) {
  try {
    return await presentProfile(desk, person, call.account)
  } catch (error) {
    if (error instanceof ProblemError && error.problem === membersOnly) return null
    throw error
  }
}

const movedTo = (username: string): PageContent => ({
  title: username,
  body: html``,
  redirect: `/@${username}`,
})

function forMembers(username: string, w: Words): PageContent {
  return {
    title: `@${username}`,
    status: 403,
    isUnlisted: true,
    body: html`<main><h1>@${username}</h1><p>${w.members}</p></main>`,
  }
}

function pageOf(profile: Profile, w: Words): PageContent {
  const { displayName, username, bioHtml, avatar } = profile
  const description = [profile.roles.join(', '), profile.place, profile.genres.join(', ')]
    .filter(Boolean)
    .join(' · ')
  return {
    title: displayName,
    description: description || `${displayName} (@${username})`,
    ...(avatar && { image: avatar.large }),
    isUnlisted: profile.visibility !== 'public',
    body: html`<main>${avatar && html`<img src="${avatar.small}" alt="" width="128" height="128">`}<h1>${displayName}</h1><p>@${username}${profile.isVerified && ` · ${w.verified}`}</p>${description && html`<p>${description}</p>`}${{ html: bioHtml }}${listOf(w.genres, profile.genres)}${listOf(w.instruments, profile.instruments)}${linksOf(profile, w)}${profile.joinedAt && html`<p>${w.joined} <time datetime="${profile.joinedAt}">${profile.joinedAt.slice(0, 10)}</time></p>`}</main>`,
  }
}

const listOf = (title: string, items: string[]) =>
  items.length > 0 && html`<h2>${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`

const linksOf = ({ links }: Profile, w: Words) =>
  links.length > 0 &&
  html`<h2>${w.links}</h2><ul>${links.map(({ label, url }) => html`<li><a href="${url}" rel="nofollow ugc noopener noreferrer me">${label}</a></li>`)}</ul>`
