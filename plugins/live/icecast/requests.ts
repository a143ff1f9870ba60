import { readableText } from '../ingest/publish-request.ts'
import type { Answer } from './answers.ts'
import { codecOf, type SourceCodec } from './codec.ts'
import { credentialsOf, mountOf, type RequestHead } from './request-head.ts'
import { titleOfQuery } from './song-title.ts'

const badMount: Answer = { status: 404, words: 'The mount must be the address of a channel, as in /radio.' }
const loginFirst: Answer = { status: 401, words: 'Log in as source, with the stream key as password.' }
const otherUser: Answer = { status: 401, words: 'The user name is source; the password is the stream key.' }
const badType: Answer = { status: 415, words: 'Send MP3, AAC (ADTS), or Opus, Vorbis or FLAC in Ogg.' }
const badUpdate: Answer = { status: 400, words: 'mode=updinfo, mount and song are needed.' }

/** What a SOURCE or PUT asks for, or why it cannot have it. */
export function readSource(head: RequestHead): { mount: string; key: string; codec: SourceCodec } | Answer {
  const mount = mountOf(head.path)
  if (!mount) return badMount
  const credentials = credentialsOf(head)
  if (!credentials?.isSource) return credentials ? otherUser : loginFirst
  const codec = codecOf(head.headers.get('content-type') ?? '', mount.suffix)
  return codec ? { mount: mount.slug, key: credentials.key, codec } : badType
}

/** What `GET /admin/metadata` says is played, and who says it. */
export function readTitle(head: RequestHead): { by: { key: string; mount: string }; title: string } | Answer {
  const credentials = credentialsOf(head)
  if (!credentials?.isSource) return credentials ? otherUser : loginFirst
  const parameters = new URLSearchParams(head.query)
  const mount = mountOf(parameters.get('mount') ?? '')
  const title = parameters.get('mode') === 'updinfo' ? titleOfQuery(head.query) : null
  return mount && title !== null ? { by: { key: credentials.key, mount: mount.slug }, title } : badUpdate
}

/** The program, and what the DJ calls the show there. */
export function encoderOf({ headers }: RequestHead): string {
  const program = headers.get('user-agent') ?? ''
  const name = headers.get('ice-name') ?? ''
  return readableText(name === '' ? program : `${program} (${name})`)
}
